"""Hidden checks of the update rules."""

from dataclasses import dataclass

import numpy as np
import pytest

from grader.checking import Failed, Remote, assert_matches, part, results

SHAPE = (4, 5)


@dataclass(frozen=True)
class Rule:
    """An update rule: settings unlike the defaults, and what it remembers from step to step."""

    name: str
    settings: dict
    memories: tuple

    def __str__(self):
        return self.name


RULES = (
    Rule("sgd_momentum", {"learning_rate": 0.3, "momentum": 0.6}, ("velocity",)),
    Rule("sgd_nesterov_momentum", {"learning_rate": 0.3, "momentum": 0.6}, ("velocity",)),
    Rule("rmsprop", {"learning_rate": 0.3, "decay_rate": 0.7, "epsilon": 0.05}, ("a",)),
    Rule("adam", {"learning_rate": 0.3, "beta1": 0.7, "beta2": 0.8, "epsilon": 0.05}, ("v", "a")),
)
AVERAGES_OF_SQUARES = frozenset({"a"})


def for_each_rule(check):
    """Make a check of one rule into a check of each, under its own part."""
    params = [pytest.param(rule, marks=part(rule.name), id=rule.name) for rule in RULES]
    return pytest.mark.parametrize("rule", params)(check)


def settings_of(rule, rng):
    """Return settings unlike the defaults, and memories as earlier steps would have left them."""
    memories = {}
    for name in rule.memories:
        values = rng.normal(size=SHAPE)
        memories[name] = values**2 if name in AVERAGES_OF_SQUARES else values
    steps = {"t": 3} if rule.name == "adam" else {}
    return {**rule.settings, **memories, **steps}


def walk(rule, student, reference, rng, config, steps):
    """Follow the same gradients on both sides; return both ends and both configurations."""
    theirs = ours = rng.normal(size=SHAPE)
    their_config, our_config = config, None if config is None else {**copied(config)}
    for _ in range(steps):
        dw = rng.normal(size=SHAPE)
        if config is None:  # away from zero, where the default epsilon shows in some draws
            dw = np.sign(dw) * (np.abs(dw) + 0.5)
        theirs, their_config = results(getattr(student, rule.name)(theirs, dw, their_config), 2, rule.name)
        ours, our_config = getattr(reference, rule.name)(ours.copy(), dw, our_config)
        assert_matches(theirs, ours, "new parameter")
    return their_config, our_config


def copied(config):
    """Return the configuration with arrays of its own: a rule may update them in place."""
    return {name: value.copy() if isinstance(value, np.ndarray) else value for name, value in config.items()}


@for_each_rule
def test_first_step(student, reference, rng, rule):
    """The first step without any configuration is right: settings by their defaults, memories from zero."""
    walk(rule, student, reference, rng, None, 1)


@for_each_rule
def test_steps(student, reference, rng, rule):
    """Four steps with the defaults are right, each with the configuration that the step before returned."""
    walk(rule, student, reference, rng, None, 4)


@for_each_rule
def test_settings(student, reference, rng, rule):
    """Two steps are right with settings of their own, and a past."""
    walk(rule, student, reference, rng, settings_of(rule, rng), 2)


@for_each_rule
def test_memory(student, reference, rng, rule):
    """What the rule remembers is stored in the configuration under the documented names."""
    theirs, ours = walk(rule, student, reference, rng, settings_of(rule, rng), 1)
    if not isinstance(theirs, Remote):
        raise Failed("The second result is not the configuration.")
    for name in (*rule.memories, *(("t",) if "t" in ours else ())):
        called = student.names_of(rule.name).keys.get(name, name)
        assert_matches(theirs.get(name), np.asarray(ours[name]), f"config[{called!r}]")
