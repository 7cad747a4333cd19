"""The maths font cut down to what the page can show: about 120 kB instead of 1.5 MB, made once and kept in a cache folder."""

import hashlib
from pathlib import Path

from .cache import kept

# Letters, digits and marks; Greek; arrows, operators and their stretchy pieces; letter-like signs; mathematical alphabets.
UNICODES = (
    *range(0x20, 0x7F), 0xA0, 0xB1, 0xB7, 0xD7, 0x2C6, *range(0x391, 0x3AA), *range(0x3B1, 0x3CA), 0x3D1, 0x3D5, 0x3F5, 0x2009,
    0x2032, 0x2033, 0x2061, 0x2062, 0x2113, 0x2112, 0x2190, 0x2192, 0x21A6, 0x27F6, 0x2200, 0x2202, 0x2206, 0x2208, 0x2211, 0x2212, 0x221A, 0x221E, 0x2225,
    0x2248, 0x2260, 0x2264, 0x2265, 0x2295, 0x2299, 0x22A4, 0x22C5, 0x22EE, 0x22EF, *range(0x239B, 0x23B2), 0x23DE, 0x23DF,
    *range(0x1D400, 0x1D468), *range(0x1D5A0, 0x1D5D4), *range(0x1D6A8, 0x1D7CC), 0x1D7CE, 0x210E,
)  # fmt: skip


def cached_subset(font: Path, folder: str = "") -> Path:
    """The path of the WOFF2 subset of `font`, made now unless it is there already."""
    from fontTools.subset import Options, Subsetter, load_font, save_font  # 0.2 s to import: only where a subset is made

    def subset(target: Path) -> None:
        options = Options(flavor="woff2", layout_features=["ssty", "dtls", "flac"], notdef_outline=True)
        with load_font(str(font), options) as loaded:
            subsetter = Subsetter(options)
            subsetter.populate(unicodes=UNICODES)
            subsetter.subset(loaded)
            save_font(loaded, str(target), options)

    key = hashlib.sha256(font.read_bytes() + repr(UNICODES).encode()).hexdigest()[:16]
    return kept(f"maths-{key}.woff2", subset, folder)
