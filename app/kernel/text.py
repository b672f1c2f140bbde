"""Japanese text, normalised once at the door.

Names are kept as typed; only combining marks are joined to their letter. NFC as a whole would change the compatibility
kanji of names (神 U+FA19, 塚 U+FA10), NFKC also ㈱ and ①: that one is for numbers and addresses only.
"""

from __future__ import annotations

import re
import unicodedata

import jaconv
import phonenumbers

_SPACES = re.compile(r"[ \t\u00a0\u2000-\u200a\u202f\u205f\u3000]+")
_MARKED = re.compile(r"[^\u0300-\u036f\u3099\u309a][\u0300-\u036f\u3099\u309a]+")
_LINE_BREAKS = re.compile(r"\r\n?|[\u000b\u000c\u0085\u2028\u2029]")
_KANA = re.compile(r"[ァ-ヺー・A-Za-zＡ-Ｚａ-ｚ' 　.\-‐]+")
# Directional marks can make a name read as another one; joiners and variation selectors are part of real names.
_BIDI = {0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)}
_DROPPED = dict.fromkeys([*_BIDI, 0xFEFF, 0x200B])
# Variants that people type for one another when they search: 異体字 of common family names.
_VARIANTS = str.maketrans(
    "髙﨑嵜碕邊邉濵濱栁𠮷德惠眞澤齋齊斎櫻廣嶋國會", "高崎崎崎辺辺浜浜柳吉徳恵真沢斉斉斉桜広島国会"
)
_SMALL = str.maketrans("ァィゥェォッャュョヮヵヶ", "アイウエオツヤユヨワカケ")
_VOWELS = {
    **dict.fromkeys("アカサタナハマヤラワガザダバパァャヮ", "ア"),
    **dict.fromkeys("イキシチニヒミリヰギジヂビピィ", "イ"),
    **dict.fromkeys("ウクスツヌフムユルグズヅブプヴゥュッ", "ウ"),
    **dict.fromkeys("エケセテネヘメレヱゲゼデベペェ", "エ"),
    **dict.fromkeys("オコソトノホモヨロヲゴゾドボポォョ", "オ"),
}


def clean_text(text: str) -> str:
    """Several lines: marks joined, control and directional characters out, line breaks as LF, outer space trimmed."""
    text = _joined(_LINE_BREAKS.sub("\n", text).translate(_DROPPED))
    text = "".join(c for c in text if c == "\n" or unicodedata.category(c) not in {"Cc", "Cs"})
    return text.strip()


def clean_line(text: str) -> str:
    """One line: as clean_text, line breaks and runs of space become one space."""
    return _SPACES.sub(" ", clean_text(text).replace("\n", " ")).strip()


def clean_name(text: str) -> str:
    """A person's name as typed, on one line, with one full-width space between its parts when it is Japanese."""
    name = clean_line(text)
    return name if name.isascii() else name.replace(" ", "\u3000")


def clean_kana(text: str) -> str:
    """フリガナ: hiragana and half-width kana become full-width katakana, parts stand one full-width space apart.

    Anything else stays, for `is_kana` to judge.
    """
    line = clean_line(text)
    # The half-width dakuten are joined to their letter before hiragana is turned.
    kana = jaconv.hira2kata(jaconv.h2z(line, kana=True, ascii=False, digit=False))
    kana = _joined(kana)
    return kana if kana.isascii() else kana.replace(" ", "\u3000")


def is_kana(text: str) -> bool:
    """True for katakana and for the Latin letters of residents whose name has no kana."""
    return bool(_KANA.fullmatch(text))


def clean_email(text: str) -> str:
    """An address in ASCII form: full-width letters become half-width, all space goes."""
    joined = "".join(unicodedata.normalize("NFKC", clean_line(text)).split())
    return unicodedata.normalize("NFKC", joined)


def clean_phone(text: str) -> str:
    """Digits, plus and hyphens in ASCII, whatever hyphen or bracket was typed."""
    text = unicodedata.normalize("NFKC", clean_line(text))
    text = re.sub(r"[‐‑‒–—―−ー－()（）・. ]+", "-", text)
    return re.sub(r"-+", "-", text).strip("-")


def phone_key(text: str) -> str | None:
    """E.164 of a possible number in Japan, or None when it cannot be one. Two spellings of a number give one key."""
    try:
        number = phonenumbers.parse(clean_phone(text), "JP")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def phone_text(key: str) -> str:
    """A stored number as people in Japan write it: 086-426-3107."""
    number = phonenumbers.parse(key, "JP")
    style = phonenumbers.PhoneNumberFormat
    domestic = number.country_code == 81
    return str(phonenumbers.format_number(number, style.NATIONAL if domestic else style.INTERNATIONAL))


def postcode_key(text: str) -> str | None:
    """The seven digits of a postal code typed in any width, with any hyphen and with 〒, or None when it is none."""
    digits = re.sub(r"[〒‐‑‒–—―−ー－\- ]", "", unicodedata.normalize("NFKC", clean_line(text)))
    return digits if re.fullmatch("[0-9]{7}", digits) else None


def postcode_text(key: str) -> str:
    """A stored postal code as it is written: 710-8565."""
    return f"{key[:3]}-{key[3:]}"


def folded(text: str) -> str:
    """Search and comparison key: width, case, space, variant kanji and variation selectors no longer matter."""
    text = unicodedata.normalize("NFKC", jaconv.hira2kata(text.translate(_VARIANTS)))
    return "".join(c for c in text.casefold() if not c.isspace() and not _is_variation_selector(c))


def kana_order(kana: str) -> str:
    """Sort key of 五十音順: small kana as large ones, ー as its vowel, voiced sounds after their plain ones."""
    plain: list[str] = []
    for letter in unicodedata.normalize("NFC", kana):
        if letter == "ー" and plain:
            plain.append(_VOWELS.get(plain[-1], "ー"))
        elif not letter.isspace() and letter != "・":
            plain.append(letter)
    spelled = "".join(plain).translate(_SMALL)
    unvoiced = "".join(c for c in unicodedata.normalize("NFD", spelled) if c not in "\u3099\u309a")
    return f"{unvoiced}\u0001{spelled}"


def _joined(text: str) -> str:
    """か and U+3099 as が; characters without a mark stay what they are."""
    return _MARKED.sub(lambda marked: unicodedata.normalize("NFC", marked[0]), text)


def _is_variation_selector(c: str) -> bool:
    return 0xFE00 <= ord(c) <= 0xFE0F or 0xE0100 <= ord(c) <= 0xE01EF
