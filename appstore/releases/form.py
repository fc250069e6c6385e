"""The file in a multipart form, handed on piece by piece: the form never lies in memory or on disk.

multipart/form-data, RFC 7578.
"""

from collections.abc import Iterator
from typing import Final, Protocol

from werkzeug.sansio.multipart import Data, Epilogue, Field, File, MultipartDecoder, NeedData

from appstore.releases.errors import UploadFileMissing
from muster.kernel.errors import BodyTruncated

PIECE: Final = 256 * 1024
_HELD: Final = 4 * PIECE  # a hostile form may have no boundary, or headers without an end
_PARTS: Final = 20


class Readable(Protocol):
    """A request's body."""

    def read(self, size: int, /) -> bytes:
        """Return up to `size` bytes; nothing at the end."""
        ...


def file_of(body: Readable, boundary: str, name: str) -> Iterator[bytes]:
    """Yield the content of the file part called `name`.

    Raises `UploadFileMissing` if there is none, `BodyTruncated` if the form has no proper end.
    """
    decoder = MultipartDecoder(boundary.encode(), max_form_memory_size=_HELD, max_parts=_PARTS)
    wanted = found = False
    while True:
        try:
            event = decoder.next_event()
        except ValueError as error:
            raise BodyTruncated("The form is cut or malformed. Send it again.") from error
        if isinstance(event, NeedData):
            decoder.receive_data(body.read(PIECE) or None)
        elif isinstance(event, File | Field):
            wanted = isinstance(event, File) and event.name == name and not found
            found = found or wanted
        elif isinstance(event, Data) and wanted:
            yield event.data
        elif isinstance(event, Epilogue):
            break
    if not found:
        raise UploadFileMissing
