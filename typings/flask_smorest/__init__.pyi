# What Muster uses of flask-smorest 0.47, which ships no types. The decorators are typed as leaving
# a view's type alone: they change what is passed and sent, and Flask's own typing follows no better.

from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any, ClassVar, NoReturn, TypeAlias, TypeVar

from apispec import APISpec
from flask import Blueprint as FlaskBlueprint
from flask import Flask, Response
from marshmallow import Schema
from werkzeug.exceptions import HTTPException

_F = TypeVar("_F", bound=Callable[..., Any])
_SchemaLike: TypeAlias = Schema | type[Schema] | Mapping[str, Any]

class Api:
    DEFAULT_ERROR_RESPONSE_NAME: ClassVar[str | None]
    ERROR_SCHEMA: ClassVar[type[Schema]]
    config_prefix: str
    spec: APISpec
    ma_plugin: Any
    def __init__(
        self,
        app: Flask | None = None,
        *,
        spec_kwargs: Mapping[str, Any] | None = None,
        config_prefix: str = "",
    ) -> None: ...
    def init_app(self, app: Flask, *, spec_kwargs: Mapping[str, Any] | None = None) -> None: ...
    def register_blueprint(
        self,
        blp: FlaskBlueprint,
        *,
        parameters: Sequence[Mapping[str, Any]] | None = None,
        **options: Any,
    ) -> None: ...
    def register_field(self, field: type[Any], *args: Any) -> None: ...
    def register_converter(self, converter: type[Any], func: Callable[..., Any]) -> None: ...
    def handle_http_exception(self, error: HTTPException) -> Any: ...
    def _register_error_handlers(self) -> None: ...
    def _register_responses(self) -> None: ...

class Blueprint(FlaskBlueprint):
    description: str
    def __init__(self, *args: Any, description: str = "", **kwargs: Any) -> None: ...
    def route(
        self,
        rule: str,
        *,
        parameters: Sequence[Mapping[str, Any] | str] | None = None,
        tags: Sequence[str] | None = None,
        **options: Any,
    ) -> Callable[[_F], _F]: ...
    def arguments(
        self,
        schema: _SchemaLike,
        *,
        location: str = "json",
        content_type: str | None = None,
        required: bool = True,
        description: str | None = None,
        example: Any = None,
        examples: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> Callable[[_F], _F]: ...
    def response(
        self,
        status_code: int | str | HTTPStatus,
        schema: _SchemaLike | str | None = None,
        *,
        content_type: str | None = None,
        description: str | None = None,
        example: Any = None,
        examples: Mapping[str, Any] | None = None,
        headers: Mapping[str, Any] | None = None,
    ) -> Callable[[_F], _F]: ...
    def alt_response(
        self,
        status_code: int | str | HTTPStatus,
        response: str | None = None,
        *,
        schema: _SchemaLike | str | None = None,
        content_type: str | None = None,
        description: str | None = None,
        example: Any = None,
        examples: Mapping[str, Any] | None = None,
        headers: Mapping[str, Any] | None = None,
        success: bool = False,
    ) -> Callable[[_F], _F]: ...
    @staticmethod
    def doc(**kwargs: Any) -> Callable[[_F], _F]: ...
    def check_etag(self, etag_data: Any, etag_schema: _SchemaLike | None = None) -> None: ...
    def set_etag(self, etag_data: Any, etag_schema: _SchemaLike | None = None) -> None: ...
    @staticmethod
    def _prepare_response_content(data: Any) -> Any: ...
    def _set_etag_in_response(self, response: Response) -> None: ...

def abort(
    http_status_code: int,
    exc: Exception | None = None,
    **kwargs: Any,
) -> NoReturn: ...
