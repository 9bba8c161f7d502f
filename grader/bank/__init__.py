"""An assignment's bank: wrong answers that are known, right ones that are unusual, and what they explain.

==============  ====================================================================
``decorators``  what an author puts above an entry
``bank_file``   a file of entries, read and never run
``entries``     the mistakes and variants of an assignment
``forms``       outward forms of a right file, which a variant may ask for
``rebuild``     an entry in the solution's place, and what a change can reach
``diagnosis``   which known mistake, or two of them, produce exactly a wrong answer
``samples``     submissions made of the solution and the bank
==============  ====================================================================
"""

from grader.bank.decorators import mistake, variant
from grader.bank.diagnosis import explain

__all__ = ["explain", "mistake", "variant"]
