"""Fields of the flow matching tab: those of its own modes, and the parameters of its server function."""

from typing import Annotated

from explorer.fields import Field, OneOf, Real, Whole
from explorer.measures.plane_flow_matching import FEW
from explorer.models.ode import EVALUATIONS, SOLVERS
from explorer.models.plane_flow_matching import COUPLINGS

VIEWS = ("velocity", "data", "noise", "score")
MOST = Whole(1, 100)  # steps of a solver
SCALE = Field("w", Real(0, 20), 1, "the guidance w", "0 leaves the class out, 1 gives it, more exaggerates it")

SOLVER = Field("solver", OneOf(tuple(EVALUATIONS)), "euler", "the solver of a row")
STEPS = Field("steps", MOST, 1, "the number of its steps")

COUPLING = Field("coupling", OneOf(COUPLINGS), "independent", "the coupling")
# None is the end, to which a film plays once.
TIME = Field("time", Real(0, 1), None, "the time t", "0 is noise, 1 is data")
VIEW = Field("view", OneOf(VIEWS), "velocity", "the arrows")
FEW_STEPS = Field("few", OneOf(FEW), 1, "the number of Euler steps")
FIELDS = (
    COUPLING,
    TIME,
    Field("along", Real(0, 1), None, "the place on the path", "0 is noise, 1 is the end"),
    VIEW,
    FEW_STEPS,
    SCALE,
    SOLVER,
    STEPS,
)

Solver = Annotated[str, Field("solver", OneOf(tuple(SOLVERS)), title="the solver")]
Steps = Annotated[int, Field("steps", MOST, title="the number of steps")]
Scale = Annotated[float, SCALE]
Coupling = Annotated[str, COUPLING]
FewSteps = Annotated[int, FEW_STEPS]
