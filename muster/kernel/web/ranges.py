"""Which bytes a range request wants (RFC 9110 §14): one range, or the whole content."""

from dataclasses import dataclass

from werkzeug.datastructures import Range

from muster.kernel.errors import DomainError


class RangeNotSatisfiable(DomainError):
    code, status = "range_not_satisfiable", 416
    title = "The range begins beyond the end of the content. Start again from byte 0."


@dataclass(frozen=True)
class Slice:
    """Bytes from `start`, `length` of them, of a content of `size`."""

    start: int
    length: int
    size: int

    @property
    def partial(self) -> bool:
        """Whether the answer is a 206."""
        return self.length < self.size

    @property
    def content_range(self) -> str:
        """The Content-Range of a partial answer."""
        return f"bytes {self.start}-{self.start + self.length - 1}/{self.size}"


def wanted(given: Range | None, if_range: str, etag: str, size: int) -> Slice:
    """Return the slice to send.

    `if_range` is the header's text; only this very ETag, strong, lets a range through. Several
    ranges and other units get the whole content, as the RFC allows. A range that begins beyond the
    end is `RangeNotSatisfiable`.
    """
    whole = Slice(0, size, size)
    if given is None or given.units != "bytes" or len(given.ranges) != 1:
        return whole
    if if_range and if_range.strip() != f'"{etag}"':
        return whole
    bounds = given.range_for_length(size)
    if bounds is None:
        raise RangeNotSatisfiable(headers={"Content-Range": f"bytes */{size}"})
    return Slice(bounds[0], bounds[1] - bounds[0], size)
