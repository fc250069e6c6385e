"""What this SCIM server offers (RFC 7643 §5 to §7), as documents that clients fetch first."""

from typing import Any, Final

from muster.kernel.identity.directory.scim_wire import ENTERPRISE, LIST, OFFICER, USER

_CONFIG: Final = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"
_TYPE: Final = "urn:ietf:params:scim:schemas:core:2.0:ResourceType"
_SCHEMA: Final = "urn:ietf:params:scim:schemas:core:2.0:Schema"
Document = dict[str, Any]


def config(origin: str, most: int) -> Document:
    """Return the ServiceProviderConfig."""
    no = {"supported": False}
    return {
        "schemas": [_CONFIG],
        "documentationUri": f"{origin}/console",
        "patch": {"supported": True},
        "bulk": {"supported": False, "maxOperations": 0, "maxPayloadSize": 0},
        "filter": {"supported": True, "maxResults": most},
        "changePassword": no,
        "sort": no,
        "etag": {"supported": True},
        "authenticationSchemes": [
            {
                "type": "oauthbearertoken",
                "name": "Client credential",
                "description": "A client credential of the surface scim, as a bearer token.",
                "primary": True,
            }
        ],
        "meta": {
            "resourceType": "ServiceProviderConfig",
            "location": f"{origin}/scim/v2/ServiceProviderConfig",
        },
    }


def resource_types(origin: str) -> list[Document]:
    """Return the one resource type: users, with their two extensions."""
    return [
        {
            "schemas": [_TYPE],
            "id": "User",
            "name": "User",
            "endpoint": "/Users",
            "description": "Officers and staff",
            "schema": USER,
            "schemaExtensions": [
                {"schema": ENTERPRISE, "required": True},
                {"schema": OFFICER, "required": False},
            ],
            "meta": {
                "resourceType": "ResourceType",
                "location": f"{origin}/scim/v2/ResourceTypes/User",
            },
        }
    ]


def schemas(origin: str) -> list[Document]:
    """Return the three schemas, with the attributes that are kept here."""
    moment = {"type": "dateTime"}
    dated = [_attribute("value", required=True), _attribute("validUntil", **moment)]
    user = [
        _attribute("userName", required=True, uniqueness="server", mutability="immutable"),
        _attribute("displayName", required=True, caseExact=False),
        _attribute("name", type="complex", subAttributes=[_attribute("formatted")]),
        _attribute("active", type="boolean"),
    ]
    enterprise = [
        _attribute("employeeNumber", mutability="immutable"),
        _attribute("department", required=True),
    ]
    officer = [
        _attribute("sworn", type="boolean"),
        _attribute("rank", type="integer"),
        _attribute(
            "roles",
            type="complex",
            multiValued=True,
            subAttributes=[*dated, _attribute("unit"), _attribute("validFrom", **moment)],
        ),
        _attribute("certifications", type="complex", multiValued=True, subAttributes=dated),
        _attribute("dutyUntil", **moment),
    ]
    return [
        _schema(origin, USER, "User", user),
        _schema(origin, ENTERPRISE, "Enterprise User", enterprise),
        _schema(origin, OFFICER, "Officer", officer),
    ]


def listed(resources: list[Document]) -> Document:
    """Return a whole ListResponse."""
    return {
        "schemas": [LIST],
        "totalResults": len(resources),
        "startIndex": 1,
        "itemsPerPage": len(resources),
        "Resources": resources,
    }


def _schema(origin: str, urn: str, name: str, attributes: list[Document]) -> Document:
    return {
        "schemas": [_SCHEMA],
        "id": urn,
        "name": name,
        "attributes": attributes,
        "meta": {"resourceType": "Schema", "location": f"{origin}/scim/v2/Schemas/{urn}"},
    }


def _attribute(name: str, **traits: Any) -> Document:
    return {
        "name": name,
        "type": "string",
        "multiValued": False,
        "required": False,
        "caseExact": True,
        "mutability": "readWrite",
        "returned": "default",
        "uniqueness": "none",
    } | traits
