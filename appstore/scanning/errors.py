"""A scanner that should have answered and did not."""


class ScannerSilent(Exception):
    """`rule` names the scanner's check, the message says for the publisher what is the matter."""

    def __init__(self, rule: str, detail: str) -> None:
        super().__init__(detail)
        self.rule = rule
