"""The files of the small pack that `fitquiz pack new` writes.

The pack has two poles, two traits and four items, with texts in English.
"""

_STRUCTURE = """\
# The structure of the pack. The texts of the pack are in en.toml.
# For another language such as nb, add the file nb.toml, and add "nb" to languages.
format = 1
id = "PACK_ID"
version = "0.1.0"
licence = "CC-BY-4.0"
source = "Written for this pack."
languages = ["en"]

# The number of answers to choose from, 2 to 11.
# Each language file has one label for each answer.
[answers]
points = 5

[rule]
# A pack without poles gives a profile of the traits. To write a pack without poles:
# - In this table, remove poles, band, clear, both_from and neither_to.
# - Remove the pole of each trait.
# - In en.toml, remove the texts of the poles and of the suggestions.
poles = ["left", "right"]
item_sd = 25               # the standard error of one answer, on the scale 0-100
calibrated = false         # write true if item_sd has been estimated from real answers
band = 1                   # the band is the lean ± this number of standard errors
clear = 2                  # a lean of more than this number of standard errors is called clear
# both_from and neither_to apply only if the band contains 0.
both_from = 60             # if both fits are at least this number, the suggestion is "versatile"
neither_to = 40            # if both fits are at most this number, the suggestion is "neither"
least_answered = 0.5       # a trait has a score if at least this fraction of its items is answered

[[traits]]
id = "planning"
pole = "left"
weight = 1

[[traits]]
id = "improvising"
pole = "right"
weight = 1

# Each item measures a trait.
# Agreeing with a plus item raises the score of the trait.
# Agreeing with a minus item lowers the score of the trait.
# Give each trait as many plus items as minus items.
# Write form = "sharpening" for items that are asked only if the result is undecided.
[[blocks]]
form = "standard"
items = [
  { id = "planning-1", trait = "planning", keyed = "plus" },
  { id = "improvising-1", trait = "improvising", keyed = "minus" },
  { id = "planning-2", trait = "planning", keyed = "minus" },
  { id = "improvising-2", trait = "improvising", keyed = "plus" },
]
"""

_TRAIT = """
[traits.{id}]
name = "{name}"
meaning = "Liking to {verb}"
high = "You like to {verb}."
middle = "You like to {verb} now and then."
low = "You like it better when others {verb}."
strength_high = "You {verb} well."
strength_low = "You leave room for others."
use_high = "Useful where somebody has to {verb}."
use_low = "Useful where others {verb}."
"""

_DECIDED = """
[suggestions.{id}]
headline = "Your answers lean towards the {id}"
clearly = "Your answers point clearly towards the {id}"
text = "What you like may be easier to find on the {id}."
next = ["Think of a good day, and see whether this fits."]
"""

_UNDECIDED = """
[suggestions.{id}]
headline = "{headline}"
text = "Both sides can suit you."
next = ["Think of a good day, and see what made it good."]
"""

_WORDS = (
    """\
# The texts of the pack in English.
title = "Left or right?"
summary = "Rate a few statements and see which side they point to."
caveat = "This is your own view of yourself, not a test."

[answers]
labels = ["Strongly disagree", "Slightly disagree", "Neither", "Slightly agree", "Strongly agree"]

[poles.left]
name = "left"
short = "the planned side"
about = "On the left, people plan their work."

[poles.right]
name = "right"
short = "the open side"
about = "On the right, people find the way while they work."
"""
    + _TRAIT.format(id="planning", name="Planning", verb="plan ahead")
    + _TRAIT.format(id="improvising", name="Improvising", verb="improvise")
    + """
[items]
planning-1 = "I write a list before I start."
improvising-1 = "I want to know how the day will go."
planning-2 = "I see what the day brings."
improvising-2 = "I enjoy a change of plan."
"""
    + _DECIDED.format(id="left")
    + _DECIDED.format(id="right")
    + _UNDECIDED.format(
        id="versatile", headline="Your answers suggest that both sides can suit you"
    )
    + _UNDECIDED.format(
        id="neither", headline="Your answers pull strongly towards neither side"
    )
    + _UNDECIDED.format(
        id="too-close", headline="Your answers are too evenly balanced to point one way"
    )
)

FILES = {"pack.toml": _STRUCTURE, "en.toml": _WORDS}
