"""From what a terminal reports to whether officers may see data on it.

`facts.py`, `judge.py` and `escalation.py` decide (pure), `verdicts.py` writes the verdict where the
gate reads it, `failing.py` keeps since when, `acting.py` carries out what comes due, `jobs.py`
looks again as time passes, `sentences.py` tells the officer what to do. `service.py`, `listing.py`
and `preview.py` are what people do; the last stands on `mdm.attestation`, which stands on this
room, so it is imported by its own name.
"""

from mdm.compliance.failing import findings
from mdm.compliance.judge import Finding
from mdm.compliance.listing import Failed, failing_terminals
from mdm.compliance.rules import CONSEQUENCES, FACTS, OPERATORS, SEVERITIES, Rule
from mdm.compliance.sentences import sentences, told
from mdm.compliance.service import (
    RuleInForce,
    accept_sims,
    change_rule,
    changed,
    create_rule,
    rule_in_force,
    rules,
    standing,
)

__all__ = [
    "CONSEQUENCES",
    "FACTS",
    "OPERATORS",
    "SEVERITIES",
    "Failed",
    "Finding",
    "Rule",
    "RuleInForce",
    "accept_sims",
    "change_rule",
    "changed",
    "create_rule",
    "failing_terminals",
    "findings",
    "rule_in_force",
    "rules",
    "sentences",
    "standing",
    "told",
]
