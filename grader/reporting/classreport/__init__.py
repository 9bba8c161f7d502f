"""What a class learned, as a static site: scores, parts, mistakes, checks, time and answers that are alike.

Everything but `site` and `gather` is pure: reports and answers in, numbers, words and SVG out.
"""

from grader.reporting.classreport.gather import Gathered, gather_answers
from grader.reporting.classreport.similarity import Comparison, compare_class
from grader.reporting.classreport.site import SiteOptions, write_site

__all__ = ["Comparison", "Gathered", "SiteOptions", "compare_class", "gather_answers", "write_site"]
