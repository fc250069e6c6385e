"""Ranges of Unicode scripts, written for use inside a regular-expression character class."""

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003fffd"
KANA = "\u3040-\u30ff"
UNSPACED = HAN + KANA
"""Scripts written without blanks between words: they are searched by pairs of characters."""
