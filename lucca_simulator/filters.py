"""The query language of v3 collections: filters, `orderBy` and `paging`. Pure: it never sees a request."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar

from lucca_simulator.projection import BadRequestError, Resource

T = TypeVar("T")
Read = Callable[[Any], Any]

# Names of the query that are not filters [O RDD].
RESERVED = {
    "fields", "paging", "orderby", "metadata", "callback", "authtoken", "longtoken", "httpmethod", "notify",
    "accept", "groupby", "template", "randomnumber", "_", "formeremployees", "contract",
}  # fmt: skip
# §2.4 of the evidence: [D] for like on mail, notequal, since, until, between; [O] RDD for the rest.
OPERATORS = {
    "like", "starts", "notequal", "since", "until", "between", "greaterthan", "greaterthanorequal",
    "lessthan", "lessthanorequal", "equals",
}  # fmt: skip
MOST_PER_PAGE = 1000


def reader(kind: Resource[Any], path: str, *, ignore_unknown: bool = False) -> Read | None:
    """How to read the dotted property of a thing; `department` alone reads the id of what it refers to.

    None for an unknown property that is to be ignored; otherwise raises BadRequestError for it.
    """
    steps: list[Read] = []
    current: Resource[Any] | None = kind
    for part in path.split("."):
        found = current.find(part.strip()) if current else None
        if found is None:
            if ignore_unknown:
                return None
            raise BadRequestError(f"Unknown property {path} on type {kind.name}")
        steps.append(found.read)
        current = found.refers_to() if found.refers_to else None
    if current is not None:
        steps.append(current.properties["id"].read)

    def read(thing: Any) -> Any:
        for step in steps:
            if thing is None or isinstance(thing, list):
                return None
            thing = step(thing)
        return thing

    return steps[0] if len(steps) == 1 else read


def condition(values: Sequence[str], now: datetime, *, exact: bool) -> Callable[[Any], bool]:
    """Whether a property's value fits what the query says of it; several values mean any of them.

    Raises BadRequestError lazily for a value that cannot be compared with the property's own.
    """
    alternatives: list[Callable[[Any], bool]] = []
    for value in values:
        head, _comma, tail = value.partition(",")
        if head.strip().lower() in OPERATORS and _comma:
            alternatives.append(_operation(head.strip().lower(), tail, now, exact=exact))
        else:
            alternatives.append(_one_of(value.split(","), now, exact=exact))
    return alternatives[0] if len(alternatives) == 1 else lambda own: any(each(own) for each in alternatives)


def _operation(name: str, text: str, now: datetime, *, exact: bool) -> Callable[[Any], bool]:
    if name in {"like", "starts"}:
        sought = text if exact else text.casefold()
        fits = str.startswith if name == "starts" else str.__contains__
        return lambda own: own is not None and fits(str(own) if exact else str(own).casefold(), sought)
    if name == "notequal":
        equal = _one_of(text.split(","), now, exact=exact)
        return lambda own: not equal(own)
    if name == "equals":
        return _one_of(text.split(","), now, exact=exact)
    if name == "between":
        parts = text.split(",")
        if len(parts) != 2:
            raise BadRequestError(f"between needs two values, not {text}")
        low, high = parts
        return lambda own: own is not None and not _less(own, low, now) and not _more(own, high, now)
    return _comparison(name, text, now)


def _comparison(name: str, text: str, now: datetime) -> Callable[[Any], bool]:
    """since and until are inclusive [D]."""
    if name in {"since", "greaterthanorequal"}:
        return lambda own: own is not None and not _less(own, text, now)
    if name in {"until", "lessthanorequal"}:
        return lambda own: own is not None and not _more(own, text, now)
    if name == "greaterthan":
        return lambda own: own is not None and _more(own, text, now)
    return lambda own: own is not None and _less(own, text, now)


def _one_of(texts: Sequence[str], now: datetime, *, exact: bool) -> Callable[[Any], bool]:
    if len(texts) == 1:
        return _equal_to(texts[0], now, exact=exact)
    plain = {each.strip() for each in texts}
    alternatives = [_equal_to(each, now, exact=exact) for each in texts]

    def fits(own: Any) -> bool:
        # A list of ids is the usual case and is looked up, not compared one by one.
        if isinstance(own, int) and not isinstance(own, bool):
            return str(own) in plain
        return any(each(own) for each in alternatives)

    return fits


def _equal_to(text: str, now: datetime, *, exact: bool) -> Callable[[Any], bool]:
    folded = text.casefold()

    def fits(own: Any) -> bool:
        if folded == "null" or own is None or own == "":
            # `x=null` is empty, `x=notequal,null` is not empty [D on dtContractEnd].
            return folded == "null" and (own is None or own == "")
        if isinstance(own, bool):
            return ("true" if own else "false") == folded
        if isinstance(own, str) and not is_date(own):
            return own == text if exact else own.casefold() == folded
        if isinstance(own, str) and len(_moment_text(text, now)) <= 10:
            return own[:10] == _moment_text(text, now)
        return bool(_typed(text, own, now) == own)

    return fits


def has_words(text: str, clue: str) -> bool:
    """Whether each word of a clue is in the text [?]; commas or spaces stand between words [O FRONT]."""
    folded = text.casefold()
    return all(word in folded for word in clue.casefold().replace(",", " ").split())


def is_date(text: str) -> bool:
    """Whether a value is one of v3's dates, `YYYY-MM-DDTHH:MM:SS` with or without milliseconds."""
    return len(text) >= 19 and text[4] == text[7] == "-" and text[10] == "T"


def _less(own: Any, text: str, now: datetime) -> bool:
    return bool(own < _typed(text, own, now))


def _more(own: Any, text: str, now: datetime) -> bool:
    if isinstance(own, str) and is_date(own) and len(_moment_text(text, now)) <= 10:
        return own[:10] > _moment_text(text, now)  # a day includes its whole day
    return bool(own > _typed(text, own, now))


def _moment_text(text: str, now: datetime) -> str:
    """A date or one of the keywords today, now, tomorrow, yesterday [O RDD], in v3's own form."""
    days = {"today": 0, "tomorrow": 1, "yesterday": -1}
    word = text.strip().lower()
    if word in days:
        return (now + timedelta(days=days[word])).date().isoformat()
    if word == "now":
        return now.isoformat(timespec="seconds")
    try:
        read = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise BadRequestError(f"{text} is not a date") from error
    if len(text.strip()) <= 10:
        return read.date().isoformat()
    return read.replace(tzinfo=None).isoformat(timespec="milliseconds" if read.microsecond else "seconds")


def _typed(text: str, own: Any, now: datetime) -> Any:
    """`text` as a value of the same type as the property's own."""
    if isinstance(own, str):
        return _moment_text(text, now) if is_date(own) else text
    try:
        if isinstance(own, int | float):
            return type(own)(text)
    except ValueError:
        pass
    raise BadRequestError(f"{text} is not a value of this property")


def moment(value: datetime | date | None) -> str | None:
    """A date as v3 writes it: local, without zone [I]; milliseconds only where there are some [D sample]."""
    if value is None:
        return None
    if not isinstance(value, datetime):
        value = datetime.combine(value, time())
    return value.isoformat(timespec="milliseconds" if value.microsecond else "seconds")


def order(things: Iterable[T], kind: Resource[T], text: str, *, ignore_unknown: bool = False) -> list[T]:
    """`lastName,asc,id,desc`; empty values first.

    Raises BadRequestError for an odd number of parts [O RDD].
    """
    parts = [each.strip() for each in text.split(",")]
    if len(parts) % 2 or any(each.lower() not in {"asc", "desc"} for each in parts[1::2]):
        raise BadRequestError(f"orderBy is a list of field,asc or field,desc, not {text}")
    ordered = list(things)
    for path, direction in reversed(list(zip(parts[::2], parts[1::2], strict=True))):
        read = reader(kind, path, ignore_unknown=ignore_unknown)
        if read is not None:
            try:
                ordered.sort(key=_sort_key(read), reverse=direction.lower() == "desc")
            except TypeError as error:
                raise BadRequestError(f"{path} has no order") from error
    return ordered


def _sort_key(read: Read) -> Callable[[Any], tuple[bool, Any]]:
    def key(thing: Any) -> tuple[bool, Any]:
        value = read(thing)
        return (value is not None, value.casefold() if isinstance(value, str) else value or 0)

    return key


def parse_paging(text: str | None, default: int = MOST_PER_PAGE) -> tuple[int, int]:
    """`paging=offset,limit` as numbers; `paging=1` and nothing at all are the first page [O RDD].

    Raises BadRequestError for a limit outside 1 to 1000 or a bad offset.
    """
    if text is None or text.strip() == "1":
        return 0, default
    offset, comma, limit = text.partition(",")
    if not comma or not offset.strip().isascii() or not offset.strip().isdigit():
        raise BadRequestError(f"Offset {offset} is not correct: paging is offset,limit")
    if not limit.strip().isascii() or not limit.strip().isdigit() or not 1 <= int(limit) <= MOST_PER_PAGE:
        raise BadRequestError(f"Limit should be between 1 and {MOST_PER_PAGE}, not {limit}")
    return int(offset), int(limit)
