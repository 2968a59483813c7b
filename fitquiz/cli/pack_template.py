"""The files of the small pack that `fitquiz pack new` writes.

The pack has two poles, two traits and four items, with texts in English and a review.
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

# Additional texts: starters, offers, reports or changes. Each text of a listed group is in en.toml.
extras = ["changes"]

# The number of answers to choose from, 2 to 11.
# Each language file has one label for each answer.
# - With labelled = "ends", a language file has two labels, and the answers get numbers.
# - With does_not_apply = true, respondents can say that a statement does not apply to them.
[answers]
points = 5

[rule]
# A pack without poles gives a profile of the traits. To write a pack without poles:
# - In this table, remove poles, band, clear, both_from and neither_to.
# - Remove the pole of each trait, and the occupations.
# - In en.toml, remove the texts of the poles, the suggestions and the occupations.
# - In review.toml, remove the pole of each note.
poles = ["left", "right"]
item_sd = 25               # the standard error of one answer, on the scale 0-100; a trait can have its own
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

# Occupations to explore. The pole is the kind of work that there is most of. A pack may have none.
[[occupations]]
id = "event-planner"
pole = "left"

[[occupations]]
id = "guide"
pole = "right"

# Each item measures a trait.
# Agreeing with a plus item raises the score of the trait.
# Agreeing with a minus item lowers the score of the trait.
# Give each trait as many plus items as minus items.
# An item can have other labels, and a block can have a stem above its items, see docs/packs.md.
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

[traits.{id}.changes]
up = "You like to {verb} more than before. What has changed?"
down = "You like to {verb} less than before. What has changed?"
"""

_DECIDED = """
[suggestions.{id}]
headline = "Your answers point to the {id}"
clearly = "Your answers clearly point to the {id}"
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
title = "Left or right?"
summary = "Rate a few statements and see which side they point to."
caveat = "This is your own view of yourself, not a test."

[answers]
labels = ["Strongly disagree", "Disagree", "Neither", "Agree", "Strongly agree"]

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
# For each pole: what there is of it in the occupation.
[occupations.event-planner]
name = "Event planner"
left = "You plan events long before they take place."
right = "You solve what comes up on the day."

[occupations.guide]
name = "Tourist guide"
left = "You prepare the tour."
right = "You follow what your guests ask about."

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

_REVIEW = """\
# The review of the statements. A review helps authors, and `fitquiz pack check` reads it.
# A pack without this file is valid.

# The facets of each trait.
[facets]
planning = ["before the work"]
improvising = ["during the work"]

# One note for each statement:
# - facet: the facet of the trait
# - pole: the pole that agreeing supports
# - keyed: the keyed direction
# - opposite: why the opposite answer is as attractive
# - misread: how people may misunderstand the statement
[items.planning-1]
facet = "before the work"
pole = "left"
keyed = "plus"
opposite = "Without a list, people start at once."
misread = "Some may think of a shopping list."

[items.improvising-1]
facet = "during the work"
pole = "left"
keyed = "minus"
opposite = "An open day can bring nice surprises."
misread = "Some may think of their calendar only."

[items.planning-2]
facet = "before the work"
pole = "right"
keyed = "minus"
opposite = "A planned day gives calm."
misread = "Some may think of a day off."

[items.improvising-2]
facet = "during the work"
pole = "right"
keyed = "plus"
opposite = "A plan that stays gives calm."
misread = "Some may think of a cancelled holiday."
"""

FILES = {
    "pack.toml": _STRUCTURE,
    "en.toml": "# The texts of the pack in English.\n" + _WORDS,
    "review.toml": _REVIEW,
}

WORDS_TO_TRANSLATE = (
    """\
# The texts of the pack in a second language. They are still in English.
# Translate the text on the right of each =.
"""
    + _WORDS
)
"""The file of a second language. `fitquiz pack check` names texts that are not translated yet."""
