"""What is wrong with a French text as print knows it. Pure: texts in, sentences out."""

import re
from collections.abc import Iterator

NO_BREAK = "\u00a0\u202f"
MARKUP = re.compile(r"<[^>]*>|&\w+;|https?://\S+")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
RULES = (
    (re.compile(rf"[^{NO_BREAK}\s][;!?](?=\s|$|[)»])"), "no space"),
    (re.compile(r" [;!?](?=\s|$|[)»])"), "a space that breaks"),
    (re.compile(rf"[^{NO_BREAK}\s]:(?=\s|$)"), "no space"),
    (re.compile(r" :(?=\s|$)"), "a space that breaks"),
    (re.compile(r"\w ?%"), "no no-break space"),
    (re.compile(rf"«[^{NO_BREAK}]"), "no no-break space"),
    (re.compile(rf"[^{NO_BREAK}]»"), "no no-break space"),
)


def faults(text: str) -> Iterator[str]:
    """A sentence for each fault: spaces at double punctuation, per cent and quotes; straight apostrophes."""
    plain = PLACEHOLDER.sub("x", MARKUP.sub("", text)).replace("%%", "%")
    for rule, fault in RULES:
        for found in rule.finditer(plain):
            yield f"{fault} at “{found[0]}”"
    for found in re.finditer(r"\w'\w", plain):
        yield f"a straight apostrophe at “{found[0]}”"


def bound(text: str) -> str:
    """The text with no break at the hyphen of an e-mail; “E-mail” alone, as in the head of a file, is left as it is."""
    return re.sub(r"(?<=.)\be-mail", "e\u2011mail", text)


def placeholder_faults(source: str, plural: str, translations: list[str]) -> Iterator[str]:
    """A sentence for each value that a translation loses or invents; a singular may leave its number out."""
    wanted = set(PLACEHOLDER.findall(source)) | set(PLACEHOLDER.findall(plural))
    for number, translation in enumerate(translations):
        present = set(PLACEHOLDER.findall(translation))
        lost = set() if plural and number == 0 else wanted - present
        for value in sorted(lost):
            yield f"loses {value}"
        for value in sorted(present - wanted):
            yield f"invents {value}"
