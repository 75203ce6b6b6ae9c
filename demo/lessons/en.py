"""The texts of the demo's trainings in English, written for Cards."""

from cards.trainings.writing import ChapterText
from demo.lessons.course import Course, Lesson, one, several

WELCOME = Course(
    "Welcome aboard",
    "Your first week: who is who, where to find what, and how to ask for it.",
    (
        Lesson(
            ChapterText(
                "Your first day",
                "Welcome! Nobody expects you to know everything today.\n\n"
                "## What you receive\n\n- your badge, which opens the doors and the car park\n"
                "- your computer and your password, which **nobody** will ever ask you for\n"
                "- the name of your *buddy*, who answers every question of the first month\n\n"
                "> Lost? Ask. Everybody here was new once.",
            )
        ),
        Lesson(
            ChapterText(
                "Days off and absences",
                "1. Ask for days off **two weeks ahead**; your manager answers within three days.\n"
                "2. Ill? Call your manager **before the start of your day**, then send the certificate within "
                "48 hours.\n"
                "3. An accident at work, even a small one, is told to your manager **the same day**.",
            ),
            (
                one(
                    "You are ill this morning. What do you do first?",
                    "Call my manager before my day starts",
                    "Send the certificate at the end of the week",
                    "Wait and see how tomorrow goes",
                    why="Your team can get organised when it knows early. The certificate follows within 48 hours.",
                ),
                one(
                    "You twist your ankle on the stairs, nothing serious. What now?",
                    "I tell my manager the same day",
                    "I tell someone if it still hurts next week",
                    "It is my own business",
                    why="Told the same day, an accident at work is covered, even when it turns out badly later.",
                ),
            ),
        ),
    ),
)

FIRE = Course(
    "Fire safety",
    "The first three minutes decide. What to do, what to leave, and where to meet.",
    (
        Lesson(
            ChapterText(
                "Raise the alarm",
                "A fire doubles about every minute. **Warn others before anything else.**\n\n"
                "1. Press the nearest red call point.\n2. Call **112**: say where, what burns, whether somebody "
                "is hurt.\n"
                "3. Do not hang up before you are told to.",
            ),
            (
                one(
                    "You see smoke under a door. What comes first?",
                    "I raise the alarm",
                    "I open the door to see what burns",
                    "I save my files",
                    why="Opening the door feeds the fire with air. Warning everybody comes first.",
                    points=2,
                ),
            ),
        ),
        Lesson(
            ChapterText(
                "Use an extinguisher",
                "Only on a **small** fire, with the exit **behind you**, and never alone.\n\n"
                "- Water or foam: paper, wood, fabric.\n- CO₂: electrical equipment and burning liquids.\n"
                "- Never water on oil or on anything plugged in.\n\n"
                "Pull the pin, aim at the **base** of the flames, sweep from side to side.",
            ),
            (
                one(
                    "A socket strip is burning. Which extinguisher?",
                    "CO₂",
                    "Foam",
                    "Water",
                    why="Water and foam conduct electricity. CO₂ leaves nothing behind either.",
                ),
                several(
                    "When may you try to put a fire out yourself?",
                    ("It is small", "The exit is behind me"),
                    "I am alone in the building",
                    "The smoke is already thick",
                    why="Small, with a free way out, and somebody who knows. Otherwise leave and close the door.",
                ),
            ),
        ),
        Lesson(
            ChapterText(
                "Leave and meet",
                "Leave by the stairs, **never by the lift**, and close doors behind you without locking them. "
                "In smoke, stay "
                "close to the floor.\n\nAt the meeting point, make yourself known to the warden. Nobody goes back in "
                "before the fire brigade says so.",
            ),
            (
                one(
                    "Outside, you notice that your keys are still on your desk.",
                    "I stay and tell the warden nothing is missing but keys",
                    "I run back quickly, it only takes a minute",
                    "I leave for home without a word",
                    why="Nobody goes back in, and nobody leaves without a word: others would look for you inside.",
                ),
            ),
        ),
    ),
)

PRIVACY = Course(
    "Data protection",
    "What personal data are, what you may do with them, and what to do when some get lost.",
    (
        Lesson(
            ChapterText(
                "What personal data are",
                "Whatever says something about somebody you can recognise: a name, an e-mail, a badge number, a "
                "photo, a "
                "rating.\n\nHealth, beliefs and union membership are **sensitive**: they need a reason in law before "
                "anything else.\n\n## Three questions before you write something down\n\n"
                "1. **Why** do I need it?\n2. **Who** needs to see it?\n3. **Until when?**",
            ),
            (
                several(
                    "Which of these are personal data?",
                    ("A badge number", "A photo of the team"),
                    "The price of a printer",
                    "The turnover of the company",
                    why="A number is enough, as soon as it leads to a person.",
                ),
            ),
        ),
        Lesson(
            ChapterText(
                "Every day",
                "- Lock your screen when you stand up.\n- Share a **link** with a few people rather than a file with "
                "everybody.\n- Put those who do not know each other in *Bcc*.\n- Never send a list of people to "
                "a private "
                "mailbox.",
            ),
            (
                one(
                    "A client list has to reach a colleague. How?",
                    "I share a link to it with this colleague",
                    "I send the file to their private mailbox",
                    "I put it on a USB stick",
                    why="A link can be closed again, and shows who opened it.",
                ),
                one(
                    "Somebody asks what we have stored about them. You:",
                    "pass it on at once to the data protection officer",
                    "answer that this is confidential",
                    "send them everything you find",
                    why="Everybody has the right to know, within a month. The officer checks who is asking.",
                ),
            ),
        ),
        Lesson(
            ChapterText(
                "When something goes wrong",
                "A mail to the wrong person, a lost laptop, a stolen phone: **tell the data protection officer "
                "at once**, even "
                "when you are not sure. The company has **72 hours** to tell the authority, counted from now.\n\n"
                "Nobody is blamed for telling. Silence is what does harm.",
            ),
            (
                one(
                    "You sent salaries to the wrong address. What do you do?",
                    "I tell the data protection officer at once",
                    "I ask the other person to delete it, and leave it there",
                    "I wait to see whether anybody notices",
                    why="The 72 hours run from the moment somebody here knows.",
                    points=2,
                ),
            ),
        ),
    ),
)
