"""From what a terminal reports to whether officers may see data on it.

`judge.py` decides (pure), `service.py` writes the verdict where the gate reads it, `jobs.py` looks
again as time passes, `sentences.py` tells the officer what to do.
"""

from mdm.compliance.rules import Rule
from mdm.compliance.sentences import sentences
from mdm.compliance.service import RuleInForce, change_rule, rules

__all__ = ["Rule", "RuleInForce", "change_rule", "rules", "sentences"]
