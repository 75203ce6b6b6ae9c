"""The texts of the demo's trainings in French, written for Cards."""

from cards.trainings.writing import ChapterText
from demo.lessons.course import Course, Lesson, one, several

WELCOME = Course(
    "Bienvenue parmi nous",
    "Votre première semaine : qui est qui, où trouver quoi, et à qui demander.",
    (
        Lesson(
            ChapterText(
                "Votre premier jour",
                "Bienvenue ! Personne n’attend que vous sachiez tout aujourd’hui.\n\n"
                "## Ce que vous recevez\n\n- votre badge, qui ouvre les portes et le parking\n"
                "- votre ordinateur et votre mot de passe, que **personne** ne vous demandera jamais\n"
                "- le nom de votre *parrain* ou *marraine*, qui répond à toutes vos questions du premier mois\n\n"
                "> Perdu ? Demandez. Tout le monde ici a été nouveau un jour.",
            )
        ),
        Lesson(
            ChapterText(
                "Congés et absences",
                "1. Demandez vos congés **deux semaines à l’avance** ; votre responsable répond sous trois jours.\n"
                "2. Malade ? Appelez votre responsable **avant l’heure de votre prise de poste**, puis envoyez "
                "l’arrêt "
                "sous 48 heures.\n"
                "3. Un accident du travail, même léger, se déclare à votre responsable **le jour même**.",
            ),
            (
                one(
                    "Vous êtes malade ce matin. Que faites-vous d’abord ?",
                    "J’appelle mon responsable avant ma prise de poste",
                    "J’attends de voir comment je vais demain",
                    "J’envoie l’arrêt en fin de semaine",
                    why="Prévenue tôt, votre équipe peut s’organiser. L’arrêt suit sous 48 heures.",
                ),
                one(
                    "Vous vous tordez la cheville dans l’escalier, rien de grave. Et maintenant ?",
                    "Je le dis à mon responsable le jour même",
                    "J’en parle si j’ai encore mal la semaine prochaine",
                    "Cela ne regarde que moi",
                    why="Déclaré le jour même, un accident du travail est pris en charge, même s’il s’aggrave ensuite.",
                ),
            ),
        ),
    ),
)

FIRE = Course(
    "Sécurité incendie",
    "Les trois premières minutes décident. Que faire, que laisser, où se retrouver.",
    (
        Lesson(
            ChapterText(
                "Donner l’alarme",
                "Un feu double à peu près chaque minute. **Prévenez les autres avant toute chose.**\n\n"
                "1. Appuyez sur le déclencheur rouge le plus proche.\n"
                "2. Appelez le **112** ou le **18** : dites où, ce qui brûle, s’il y a des blessés.\n"
                "3. Ne raccrochez que lorsqu’on vous le dit.",
            ),
            (
                one(
                    "Vous voyez de la fumée sous une porte. Que faites-vous d’abord ?",
                    "Je donne l’alarme",
                    "J’ouvre pour voir ce qui brûle",
                    "Je sauve mes dossiers",
                    why="Ouvrir la porte nourrit le feu en air. Prévenir tout le monde passe avant.",
                    points=2,
                ),
            ),
        ),
        Lesson(
            ChapterText(
                "Utiliser un extincteur",
                "Seulement sur un **petit** feu, la sortie **derrière vous**, et jamais seul.\n\n"
                "- Eau ou mousse : papier, bois, tissu.\n- CO₂ : appareils électriques et liquides en feu.\n"
                "- Jamais d’eau sur de l’huile ni sur un appareil branché.\n\n"
                "Dégoupillez, visez la **base** des flammes, balayez de gauche à droite.",
            ),
            (
                one(
                    "Une multiprise brûle. Quel extincteur ?",
                    "CO₂",
                    "Eau",
                    "Mousse",
                    why="L’eau et la mousse conduisent l’électricité. Le CO₂ ne laisse en plus aucune trace.",
                ),
                several(
                    "Quand pouvez-vous essayer d’éteindre un feu vous-même ?",
                    ("Il est petit", "La sortie est derrière moi"),
                    "Je suis seul dans le bâtiment",
                    "La fumée est déjà épaisse",
                    why="Petit, avec une sortie libre et quelqu’un au courant. Sinon, partez et fermez la porte.",
                ),
            ),
        ),
        Lesson(
            ChapterText(
                "Évacuer et se retrouver",
                "Sortez par l’escalier, **jamais par l’ascenseur**, et fermez les portes derrière vous sans les "
                "verrouiller. "
                "Dans la fumée, restez près du sol.\n\nAu point de rassemblement, signalez-vous au serre-file. "
                "Personne "
                "ne rentre avant l’accord des pompiers.",
            ),
            (
                one(
                    "Dehors, vous remarquez que vos clés sont restées sur votre bureau.",
                    "Je reste et je dis au serre-file qu’il ne manque que des clés",
                    "Je retourne vite les chercher, une minute suffit",
                    "Je rentre chez moi sans rien dire",
                    why="Personne ne rentre, et personne ne part sans le dire : on vous chercherait à l’intérieur.",
                ),
            ),
        ),
    ),
)

PRIVACY = Course(
    "Protection des données",
    "Ce que sont les données personnelles, ce que vous pouvez en faire, et que faire quand on en perd.",
    (
        Lesson(
            ChapterText(
                "Ce que sont les données personnelles",
                "Tout ce qui dit quelque chose d’une personne reconnaissable : un nom, un e-mail, un numéro de "
                "badge, une "
                "photo, une évaluation.\n\nSanté, convictions et appartenance syndicale sont **sensibles** : il faut "
                "d’abord une raison prévue par la loi.\n\n## Trois questions avant de noter quelque chose\n\n"
                "1. **Pourquoi** en ai-je besoin ?\n2. **Qui** doit le voir ?\n3. **Jusqu’à quand ?**",
            ),
            (
                several(
                    "Lesquelles sont des données personnelles ?",
                    ("Un numéro de badge", "Une photo de l’équipe"),
                    "Le chiffre d’affaires de l’entreprise",
                    "Le prix d’une imprimante",
                    why="Un numéro suffit, dès qu’il mène à une personne.",
                ),
            ),
        ),
        Lesson(
            ChapterText(
                "Chaque jour",
                "- Verrouillez votre écran quand vous vous levez.\n- Partagez un **lien** avec quelques "
                "personnes plutôt "
                "qu’un fichier avec toutes.\n- Mettez en *copie cachée* ceux qui ne se connaissent pas.\n- "
                "N’envoyez jamais "
                "une liste de personnes vers une messagerie privée.",
            ),
            (
                one(
                    "Une liste de clients doit parvenir à une collègue. Comment ?",
                    "Je partage un lien avec cette collègue",
                    "J’envoie le fichier sur sa messagerie privée",
                    "Je la mets sur une clé USB",
                    why="Un lien peut être fermé, et l’on sait qui l’a ouvert.",
                ),
                one(
                    "Quelqu’un demande ce que nous conservons à son sujet. Vous :",
                    "transmettez aussitôt au délégué à la protection des données",
                    "répondez que c’est confidentiel",
                    "envoyez tout ce que vous trouvez",
                    why="Chacun a le droit de savoir, sous un mois. Le délégué vérifie qui demande.",
                ),
            ),
        ),
        Lesson(
            ChapterText(
                "Quand quelque chose se passe mal",
                "Un message à la mauvaise personne, un ordinateur perdu, un téléphone volé : **prévenez "
                "aussitôt le délégué à "
                "la protection des données**, même sans certitude. L’entreprise a **72 heures** pour prévenir "
                "la CNIL, à "
                "partir de maintenant.\n\nPersonne n’est blâmé pour l’avoir dit. C’est le silence qui fait du tort.",
            ),
            (
                one(
                    "Vous avez envoyé des salaires à la mauvaise adresse. Que faites-vous ?",
                    "Je préviens aussitôt le délégué à la protection des données",
                    "J’attends de voir si quelqu’un le remarque",
                    "Je demande à la personne de supprimer, et j’en reste là",
                    why="Les 72 heures courent dès que quelqu’un ici le sait.",
                    points=2,
                ),
            ),
        ),
    ),
)
