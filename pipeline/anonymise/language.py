"""Whether a turn is in English or Welsh, by its little words."""

from __future__ import annotations

from pipeline.anonymise.forms import Word

_WELSH = frozenset(
    ["yn", "y", "yr", "ac", "ond", "mae", "wedi", "i", "o", "ar", "am", "gan", "gyda", "sydd", "oedd", "bod", "nid", "ddim", "hefyd", "ni", "chi", "nhw", "hwn", "hon", "hynny", "dyna", "felly", "diolch", "iawn", "fawr", "bore", "da", "croeso", "prynhawn", "eu", "ein", "eich", "fod", "hyn", "yma", "wrth", "dros", "mewn", "fel", "neu", "pan", "os", "roedd", "bydd", "byddai", "yw", "ydy", "dw", "rydw", "rydyn", "rwy", "rwyf", "chwarae", "oes", "nac", "oedden", "maen", "gallu"]
)
_ENGLISH = frozenset(
    ["the", "and", "of", "to", "in", "is", "that", "it", "you", "we", "a", "for", "on", "with", "are", "was", "be", "this", "have", "not", "they", "at", "but", "by", "from", "or", "as", "what", "so", "do", "if", "there", "can", "all", "your", "our", "will", "about", "would", "which", "been", "has", "who", "i", "think"]
)


def language_of(words: tuple[Word, ...], usual: str = "") -> str:
    """`en` or `cy`: the one whose little words are more; where neither has any, the roundtable's, else `en`."""
    welsh = sum(word.folded in _WELSH for word in words)
    english = sum(word.folded in _ENGLISH for word in words)
    if welsh == english:
        return usual or "en"
    return "cy" if welsh > english else "en"
