"""A pretend Lucca, for demonstrations, tests and rehearsals.

It behaves as the public evidence says Lucca does, and can be told to be wrong in every way the real one
might. It knows nobody: neither the client nor Cards.
"""

from lucca_simulator.faults import Fault
from lucca_simulator.rights import Key
from lucca_simulator.server import running, serve
from lucca_simulator.simulator import Options, Simulator
from lucca_simulator.switches import Switches

__all__ = ["Fault", "Key", "Options", "Simulator", "Switches", "running", "serve"]
