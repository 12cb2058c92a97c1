"""What a spec may say about itself. A claim is data; `prove` decides it.

Each module has claims about one kind of entry: a class, which `prove` reads, and beside it the
function that a spec calls. Specs import the functions from here, those of `dynamics` from there: it has
symbols of its own.
"""

from .equivalence import *
from .figures import *
from .layers import *
from .monitors import *
from .moves import *
from .order import *
from .rules import *
from .schedules import *
from .stages import *
from .states import *
