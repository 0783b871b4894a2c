"""A printed number, with its place and half a unit of its last digit."""

import re
from decimal import Decimal

from cardaudit.patterns import deferred
from cardaudit.records import Printed, Span

ANY_NUMBER = deferred(  # the set in front is found far faster than the look-behind that could stand there
    r"[-+−\d](?<![\w./@#-][-+−\d])(?:(?<=\d)|\d)[\d,]*(?:\.\d+)?(?:[eE][-+]?\d+)?%?(?!\w|-[A-Za-z])"
)
VALUE = deferred(r"([-+−]?(?:0,\d+|\d{1,3}(?:,\d{3})+(?![\d,])(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)(?:[eE][-+−–]?\d{1,3})?)(?:[ ]?%)?")
MARKUP = "*_`~≈$ \t\xa0\u2002\u2003\u2005\u2009\u202f"  # with the blanks of typesetters
AFTER_VALUE = deferred(
    r"(?!\s*(?:[x×*/^–—-]|to|and|or|,)\s*\d|\s*\\(?:times|cdot)"
    r"|[ \xa0\u202f]\d{3}(?!\d))[*_`]*(?:$|[\s(（±;\[|<✓✔，。；]|,(?!\d)|\.(?:$|\s)|\+/-)"
)
PARTED_THOUSANDS = deferred(r"(\d{1,3}(?:[ \xa0\u202f'’]\d{3}){1,3})[*_`.;\s]{0,4}(?:sequences|steps)?")  # "56 000"; "56'000"
THOUSANDS = str.maketrans("", "", " \xa0\u202f'’")
COMMA_DECIMAL = deferred(r"[*_`~≈$ \t\xa0]*(\d{1,3},\d{1,2}(?:[ ]?%)?)(?=$|[*_`\s(;]|\.\Z)")
STDERR = deferred(r"[*_`\s]*(?:±|\+/-|\+-|\\pm|&plusmn;)[*_\s]*([\d.]+(?:[eE][-+]?\d+)?)")
NO_NUMBER = deferred(r"(?:no log|nan|none|n/?a|[-+]?inf(?:inity)?)\Z", re.I)
TENSOR = deferred(r"tf\.Tensor\((-?\d[\d.]{0,24}(?:e[-+]?\d{1,3})?), shape=\(\), dtype=\w+\)")  # Keras prints it so
DIGIT = deferred(r"\d")
ARROWS = ("→", "->", "⟶", "➜", "➡", "=>")
EARLIER = deferred(
    r"[*_`~≈ ]{0,3}\d{1,4}(?:\.\d+)?[ ]?%?[*_`]{0,3}(?:[ ]?\([^()\n]{1,40}\))?[ ]?(?:→|-{1,2}>|⟶|➜|➡\ufe0f?|=>)[ ]?"
    r"(?=[*_`~≈]{0,3}\d)"
)
MOST_STEPS = 4
LONGEST_CHANGE = 100
OF_THOUSANDS = 3  # digits behind the point of "12.000", as Germans write a thousand
MAX_LENGTH = 40
EXPONENTS = range(-324, 308)
HALF = Decimal(5)
ZERO = Decimal(0)
BROKEN = deferred(r"[01] \.\d{3,18}")  # "0 .283908": a blank slipped in before the point
PLAIN = deferred(r"-?\d{1,16}(?:\.(\d{1,20}))?")
HALVES = tuple(HALF.scaleb(-places - 1) for places in range(21))  # half a unit of the last of so many decimals


def has_digit(text: str) -> bool:
    """Whether a digit stands in a text; of any script, which only a text beyond ASCII needs a regular expression for."""
    return (
        "1" in text
        or "2" in text
        or "0" in text
        or "3" in text
        or "4" in text
        or "5" in text
        or "6" in text
        or "7" in text
        or "8" in text
        or "9" in text
        or (not text.isascii() and DIGIT.search(text) is not None)
    )  # ten searches for one character each take a tenth of the time of one for any of them


def read_value(text: str, start: int, label: str = "", exact: bool = False, whole: bool = False) -> Printed | None:
    """The number that a text begins with, behind Markdown's marks; None where it begins with none.

    `whole`: nothing but marks, a standard error or a remark in brackets may follow. `exact`: the print says all (a setting, not a
    measurement), so the slack is 0; otherwise half a unit of the last printed digit. "%" divides the value by 100, not the text.
    """
    if plain := PLAIN.fullmatch(text):  # as most are
        slack = ZERO if exact else HALVES[len(plain[1] or "")]
        return Printed(text, Decimal(text), slack, tuple.__new__(Span, (start, start + len(text))), label)
    bare = text.lstrip(MARKUP)
    found = VALUE.match(bare)
    if found is None:
        return None
    offset = start + len(text) - len(bare)
    if found.end() < len(bare) and not (AFTER_VALUE.match(bare, found.end()) and (not whole or _is_whole(bare[found.end() :]))):
        grouped = PARTED_THOUSANDS.fullmatch(bare) if exact else None
        return _grouped(grouped, offset, label) if grouped else None
    stands = found[0].rstrip()
    return printed(stands, Span(offset, offset + len(stands)), label, exact)


def _grouped(found: re.Match[str], offset: int, label: str) -> Printed:
    """A whole number whose thousands are parted by blanks or apostrophes, exact."""
    return Printed(found[1], Decimal(found[1].translate(THOUSANDS)), ZERO, Span(offset, offset + found.end(1)), label)


def read_measured(text: str, start: int, label: str = "") -> Printed | None:
    """The number that a metric's value begins with; "83,78" is one too, as two digits are no thousands."""
    number = read_value(text, start, label)
    if number is not None or "," not in text or not (found := COMMA_DECIMAL.match(text)):
        return number
    span = Span(start + found.start(1), start + found.start(1) + len(found[1].rstrip()))
    return printed(found[1].rstrip(), span, label, comma=True)


def printed(text: str, span: Span, label: str = "", exact: bool = False, comma: bool = False) -> Printed:
    """What a text prints; without value where it is no number, or one beyond all sense (40 characters, a float's exponents).

    `comma`: the layout tells that a comma is a decimal point; else only "0,9" is one and "6,920" a thousand.
    """
    if plain := PLAIN.fullmatch(text):
        return Printed(text, Decimal(text), ZERO if exact else HALVES[len(plain[1] or "")], span, label)
    digits = text.rstrip("% ").replace("−", "-").replace("–", "-")
    if "," in digits:
        digits = digits.replace(",", "." if comma or digits.lstrip("+-").startswith("0,") else "")
    try:
        value = Decimal(digits) if len(digits) <= MAX_LENGTH else None
    except ArithmeticError:
        value = None
    if value is None or not value.is_finite() or value.adjusted() not in EXPONENTS:
        return Printed(text, None, ZERO, span, label)
    last = int(value.as_tuple().exponent)
    if text.endswith("%"):
        value, last = value.scaleb(-2), last - 2
    return Printed(text, value, ZERO if exact else HALF.scaleb(last - 1), span, label)


def read_word(text: str, start: int, label: str = "") -> Printed:
    """A text that is no number, without Markdown's marks."""
    bare = text.strip(MARKUP)
    offset = start + (text.find(bare) if bare else 0)
    return Printed(bare, None, ZERO, Span(offset, offset + len(bare)), label)


def read_cell(text: str, start: int, label: str = "") -> Printed | None:
    """A table's cell: a number, "No log" or nan as a print without value; None for anything else."""
    found = read_value(text, start, label, whole=True)
    if found is not None:
        return found
    if "Tensor(" in text and (inner := TENSOR.fullmatch(text)):
        return printed(inner[1], Span(start + inner.start(1), start + inner.end(1)), label)
    if text[:2] in ("0 ", "1 ") and BROKEN.fullmatch(text):
        return Printed(text, Decimal(text.replace(" ", "")), HALVES[len(text) - 3], Span(start, start + len(text)), label)
    return read_word(text, start, label) if NO_NUMBER.match(text.strip(MARKUP)) else None


def later_of(text: str, at: int = 0) -> int:
    """Where the last number of a change begins, as arrows tell it ("62.1% → 74.3%"); `at` itself where none does."""
    near = text[at : at + LONGEST_CHANGE]
    for _ in range(MOST_STEPS if any(map(near.__contains__, ARROWS)) else 0):
        found = EARLIER.match(text, at)
        if found is None:
            break
        at = found.end()
    return at


def decimals(number: Printed) -> int:
    """Digits after the point, as printed; 0 for an integer."""
    part = number.text.partition(".")[2]
    if part.isdigit():
        return 0 if len(part) == OF_THOUSANDS and is_integer(number) else len(part)
    digits = number.text.rstrip("% ").lower().partition("e")[0]
    if "," in digits and not is_integer(number):
        digits = digits.replace(",", "" if "." in digits else ".")
    return len(digits.rpartition(".")[2]) if "." in digits else 0


def is_integer(number: Printed) -> bool:
    """Whether it is printed without a decimal point and exponent."""
    digits = number.text.lstrip("+-")
    if digits.isdigit():
        return number.value is not None
    if "." in digits and digits[-OF_THOUSANDS - 1 : -OF_THOUSANDS] != ".":
        return False
    if number.value is None or not (digits.replace(",", "").replace(".", "").isdigit() or digits.translate(THOUSANDS).isdigit()):
        return False
    return not ("," in digits or "." in digits) or number.value.as_tuple().exponent == 0


def stderr_after(text: str) -> str | None:
    """The standard error that follows a number ("0.61 ± 0.01")."""
    found = STDERR.search(text)
    return found[1] if found else None


def _is_whole(rest: str) -> bool:
    bare = rest.strip(MARKUP + "%✓✔.🏆⬆↑↓")
    return not bare or bare[0] in "(±[/<" or bare.startswith(("+/-", "+-"))
