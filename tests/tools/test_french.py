"""What the check of the French texts lets through, and what it does not."""

import pytest

from tools.extraction import apps
from tools.french import bound, faults, placeholder_faults
from tools.messages import catalogue_of, read

NB = "\u00a0"


@pytest.mark.parametrize(
    "text",
    [
        f"Voulez-vous continuer{NB}?",
        f"Attention{NB}! «{NB}Importer{NB}» crée les comptes{NB}:",
        f"%(share)s{NB}%% terminé",
        f"60{NB}%",
        "L’adresse est https://acme.ilucca.net/?page=1 depuis 14:02.",
        'Voir <a href="/aide?sujet=1">l’aide</a> &nbsp;',
        f"Suite ({NB}: non) le 3{NB}; fin",
    ],
)
def test_good_french_passes(text: str) -> None:
    assert list(faults(text)) == []


@pytest.mark.parametrize(
    "text",
    [
        "Voulez-vous continuer ?",
        "Voulez-vous continuer?",
        "Attention!",
        "À corriger :",
        "À corriger: rien",
        "60 %",
        "60%",
        "%(share)s %%",
        "« Importer »",
        f"«Importer{NB}»",
        "L'adresse",
    ],
)
def test_each_fault_is_named(text: str) -> None:
    assert len(list(faults(text))) >= 1


def test_a_translation_keeps_every_value_and_invents_none() -> None:
    assert list(placeholder_faults("%(count)s of %(total)s", "", ["%(count)s sur %(sum)s"])) == [
        "loses %(total)s",
        "invents %(sum)s",
    ]


def test_only_the_singular_may_leave_its_number_out() -> None:
    assert list(placeholder_faults("%(n)s day", "%(n)s days", ["un jour", "%(n)s jours"])) == []
    assert list(placeholder_faults("%(n)s day", "%(n)s days", ["un jour", "des jours"])) == ["loses %(n)s"]


def test_an_import_has_one_name_in_french() -> None:
    assert [app.name for app in apps() if read(app) and "mportation" in catalogue_of(app).read_text()] == []


def test_a_sentence_does_not_break_at_the_hyphen_of_an_e_mail_and_the_head_of_a_file_keeps_it() -> None:
    assert bound("L’e-mail et ses e-mails") == "L’e\u2011mail et ses e\u2011mails"
    assert [bound("E-mail"), bound("e-mail")] == ["E-mail", "e-mail"]
