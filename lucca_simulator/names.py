"""Word lists out of which invented people are put together; no list holds, or is drawn from, real persons.

Surnames are made of two halves, so that a hundred thousand people can be named without naming two alike.
"""

import unicodedata
from functools import lru_cache

WOMEN = (
    "Agathe", "Alice", "Amandine", "Ambre", "Anaïs", "Andréa", "Apolline", "Astrid", "Aurélie", "Bénédicte",
    "Bérénice", "Camille", "Capucine", "Céline", "Charlotte", "Chloé", "Clarisse", "Clémence", "Colette",
    "Daphné", "Delphine", "Diane", "Dorothée", "Élise", "Émeline", "Eugénie", "Fanny", "Florence", "Gaëlle",
    "Geneviève", "Guillemette", "Hélène", "Hortense", "Inès", "Irène", "Jeanne", "Joséphine", "Judith",
    "Léonie", "Lise", "Lucie", "Madeleine", "Margaux", "Mathilde", "Mélanie", "Noémie", "Odile", "Ombeline",
    "Pauline", "Philippine", "Romane", "Rosalie", "Séverine", "Sidonie", "Solène", "Tiphaine", "Victoire",
    "Violette",
)  # fmt: skip
MEN = (
    "Alban", "Antoine", "Arthur", "Aubin", "Axel", "Aymeric", "Baptiste", "Barnabé", "Basile", "Bastien",
    "Benoît", "Blaise", "Brice", "Célestin", "Claude", "Corentin", "Cyprien", "Damien", "Édouard", "Éloi",
    "Étienne", "Fabien", "Félix", "Flavien", "Gabin", "Gaspard", "Gilles", "Grégoire", "Honoré", "Hugo",
    "Joachim", "Julien", "Léopold", "Lilian", "Loïc", "Ludovic", "Maël", "Marius", "Maxence", "Michaël",
    "Octave", "Pascal", "Quentin", "Raphaël", "Régis", "Rémi", "Sébastien", "Sylvain", "Tanguy", "Théodore",
    "Ulysse", "Yann",
)  # fmt: skip
FIRST_NAMES = (*((name, "Female") for name in WOMEN), *((name, "Male") for name in MEN))

SURNAME_HEADS = (
    "Aigue", "Ar", "Aube", "Beau", "Belle", "Blanc", "Bois", "Bonne", "Brune", "Chante", "Chêne", "Clair",
    "Courte", "Dur", "Fer", "Fleur", "Fontaine", "Grand", "Haute", "Jonc", "Lande", "Long", "Luce", "Malle",
    "Mire", "Mont", "Neuve", "Noir", "Orme", "Pierre", "Ploë", "Roche", "Sainte", "Source", "Val", "Verte",
)  # fmt: skip
SURNAME_TAILS = (
    "bel", "bert", "bois", "bourg", "brac", "broise", "caille", "champ", "chère", "clos", "court", "deleau",
    "fage", "farge", "fort", "gard", "gnac", "gnon", "goulême", "lanne", "lier", "lieu", "mare", "mèche",
    "mond", "mont", "nais", "pain", "pré", "quet", "roux", "val",
)  # fmt: skip

NON_LATIN_NAMES = (
    ("Σοφία", "Καρυδάκη", "sofia.karydaki"),
    ("Ольга", "Берёзкина", "olga.beryozkina"),
    ("美咲", "森川", "misaki.morikawa"),
    ("ليلى", "الزيتوني", "leila.zitouni"),
)
APOSTROPHE_NAMES = (
    ("Maëlys", "D’Aubeterre", "maelys.daubeterre"),
    ("Niamh", "O'Clery", "niamh.oclery"),
    ("Ferdinand", "L’Hermitage", "ferdinand.lhermitage"),
)
HYPHEN_NAMES = (
    ("Anne-Lise", "Bruneval", "anne-lise.bruneval"),
    ("Jean-Eudes", "Courtebois", "jean-eudes.courtebois"),
    ("Marie-Ange", "Clairmont-Verteval", "marie-ange.clairmont-verteval"),
    ("Lou", "Hautepierre-Noirlieu", "lou.hautepierre-noirlieu"),
)

JOB_TITLES = (
    "Assistante de direction", "Chargé de projet", "Technicienne", "Acheteur", "Comptable", "Développeuse",
    "Conseiller commercial", "Cheffe d’équipe", "Opérateur", "Ingénieure qualité", "Alternant", "Analyste",
)  # fmt: skip


def surname(number: int) -> str:
    """The invented surname of that number; different numbers below `SURNAMES` give different names."""
    head, tail = divmod(number, len(SURNAME_TAILS))
    return SURNAME_HEADS[head] + SURNAME_TAILS[tail]


@lru_cache(maxsize=8192)  # every name is used many times in a large company
def without_accents(text: str) -> str:
    """`text` in the plain lower-case letters of an e-mail address."""
    decomposed = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return "".join(letter for letter in decomposed if letter.isalnum() or letter in ".-")


SURNAMES = len(SURNAME_HEADS) * len(SURNAME_TAILS)
FULL_NAMES = len(FIRST_NAMES) * SURNAMES
