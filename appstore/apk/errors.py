"""The one error an APK can end in."""


class ApkError(Exception):
    """An APK that cannot be accepted: `code` is stable snake_case, `detail` a sentence that helps."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail
