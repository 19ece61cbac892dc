"""State of the page of computes: the cards, the form, and the test of what it says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import reflex as rx

from designer.contract.errors import DesignerError
from designer.ui.reporting import Report, reporting
from designer.ui.views import failure
from designer.ui.views.compute_list import BLANK, ComputeCard, StepRow, cards, fields_of, order_of, step_row
from designer.ui.views.prose import sentence
from designer.ui.workbench import workbench
from designer.workbench.computes import ProofStep


class ComputesState(rx.State):
    """The computes, and the one that is made, changed or tested in the form."""

    cards: rx.Field[list[ComputeCard]] = rx.field(default_factory=list)
    is_supported: bool = True
    is_loaded: bool = False
    problem: str = ""
    to_remove: str = ""
    is_form_open: bool = False
    is_new: bool = True
    fields: rx.Field[dict[str, str]] = rx.field(default_factory=lambda: dict(BLANK))
    form_problem: str = ""
    steps: rx.Field[list[StepRow]] = rx.field(default_factory=list)
    is_testing: bool = False
    is_proved: bool = False
    _test: int = 0
    """The number of the test whose steps are shown; a form that was closed forgets the others."""

    @rx.event
    def load(self) -> None:
        """Read the computes."""
        self.problem = self.to_remove = ""
        self.is_form_open = False
        self._read()

    @rx.event
    def open_form(self) -> None:
        """Open the form for a new compute."""
        self._open(dict(BLANK), is_new=True)

    @rx.event
    def edit(self, name: str) -> None:
        """Open the form for a compute that is there."""
        self._edit(str(name))

    @rx.event
    def close_form(self) -> None:
        """Close the form; a test that runs is forgotten."""
        self.is_form_open = self.is_testing = False
        self._test += 1

    @rx.event
    def write(self, field: str, text: str) -> None:
        """Keep a field as typed; what was tested before holds no longer.

        The problem stays until it is saved or tested again: if it went now, a button that is being pressed would move.
        """
        if str(field) in BLANK:
            self.fields = {**self.fields, str(field): str(text)}
            self.is_proved = False

    @rx.event
    def save(self, form: dict[str, Any]) -> None:
        """Keep the compute of the form."""
        name = self.fields["name"]
        self.form_problem = failure.refusal(
            lambda: workbench().computes.add(name, order_of(self.fields), replace=not self.is_new)
        )
        if not self.form_problem:
            self.is_form_open = False
            self._read()

    @rx.event
    def begin_test(self) -> Any:
        """Test what the form says, whether it is kept or not."""
        self.form_problem = failure.refusal(lambda: order_of(self.fields).row(self.fields["name"] or "unnamed"))
        if self.form_problem:
            return None
        self._test += 1
        self.steps, self.is_testing, self.is_proved = [], True, False
        return ComputesState.tested

    @rx.event
    def test_saved(self, name: str) -> Any:
        """Open the form for a compute that is there, and test it."""
        self._edit(str(name))
        return ComputesState.begin_test if self.is_form_open else None

    @rx.event(background=True)
    async def tested(self) -> None:
        """Carry out the test that was asked for, and show each step when it is done."""
        async with self:
            number, name, order = self._test, self.fields["name"] or "unnamed", order_of(self.fields)
        done: list[StepRow] = []

        def work(report: Report) -> list[ProofStep]:
            def on_step(step: ProofStep) -> None:
                done.append(step_row(step))
                report(0.0, step.title)

            return workbench().computes.test(name, order, on_step)

        async def show(percentage: float, text: str) -> None:
            async with self:
                if self._test == number:
                    self.steps = list(done)

        problem = ""
        try:
            await reporting(work, show)
        except Exception as error:
            problem = failure.in_words(error)
        async with self:
            if self._test == number:
                self.steps, self.is_testing, self.form_problem = list(done), False, problem
                self.is_proved = bool(done) and not problem and all(step.holds for step in done)

    @rx.event
    def make_default(self, name: str) -> None:
        """Make a compute, or this computer, the default one."""
        self._do(lambda: workbench().computes.set_default(str(name)))

    @rx.event
    def ask_remove(self, name: str) -> None:
        """Ask before a compute is forgotten; an empty name closes the question."""
        self.to_remove = str(name) if name in [card.name for card in self.cards] else ""

    @rx.event
    def remove(self) -> None:
        """Forget the compute that was asked about."""
        name, self.to_remove = self.to_remove, ""
        self._do(lambda: workbench().computes.remove(name))

    def _edit(self, name: str) -> None:
        try:
            self._open(fields_of(workbench().computes.get(name)), is_new=False)
        except DesignerError as error:
            self.problem = sentence(str(error))

    def _open(self, fields: dict[str, str], *, is_new: bool) -> None:
        self._test += 1
        self.fields, self.is_new, self.is_form_open = fields, is_new, True
        self.form_problem, self.steps, self.is_testing, self.is_proved, self.problem = "", [], False, False, ""

    def _do(self, verb: Callable[[], Any]) -> None:
        self.problem = failure.refusal(verb)
        self._read()

    def _read(self) -> None:
        self.cards, self.is_supported = cards(), workbench().computes.is_supported()
        self.is_loaded = True
