"""The closed classes of English: the small words that give a sentence its shape."""

from __future__ import annotations

from dialog.interpret.en.tables import word_set

ARTICLES = word_set("a an the")
DEMONSTRATIVES = word_set("this that these those")
POSSESSIVES = word_set("my your his her its our their whose")
QUANTIFIERS = word_set(
    """some any no every each all both another other many much more most few several enough either neither less various
    certain such half"""
)
WH_DETERMINERS = word_set("which what")
DETERMINERS = ARTICLES | DEMONSTRATIVES | POSSESSIVES | QUANTIFIERS | WH_DETERMINERS

WH = word_set("""who whom whose what which when where why how whoever whatever whichever wherever whenever""")

SUBJECT_PRONOUNS = word_set("i you he she it we they")
OBJECT_PRONOUNS = word_set("me him us them")
OTHER_PRONOUNS = word_set(
    """mine yours hers ours theirs myself yourself himself herself itself ourselves yourselves themselves something
    anything nothing everything someone anyone everyone nobody somebody anybody everybody there here one ones"""
)
PRONOUNS = SUBJECT_PRONOUNS | OBJECT_PRONOUNS | OTHER_PRONOUNS

BE = word_set("be am is are was were been being 'm 're ai")
HAVE = word_set("have has had having 've")
DO = word_set("do does did doing done")
MODALS = word_set("""can could will would shall should may might must ca wo sha 'll 'd cannot gonna wanna""")
AUXILIARIES = BE | (HAVE - {"having"}) | (DO - {"doing", "done"}) | MODALS

PREPOSITIONS = word_set(
    """about above across after against along among around as at before behind below beneath beside besides between
    beyond by despite down during except for from in inside into like near of off on onto out outside over past per
    since than through throughout to toward towards under underneath until till up upon versus vs via with within
    without regarding concerning including"""
)
CONJUNCTIONS = word_set("""and or but nor so yet because although though while if unless whether that whereas""")
NEGATIONS = word_set("not n't never no")

ADVERBS = word_set(
    """also again already always almost anymore anyway away back best better both currently else even eventually ever
    exactly far first finally generally here how instead just later likely long maybe mostly much nearby never next
    now often once only originally originated perhaps please possibly pretty probably quite rather really recently
    right still soon sometimes then there therefore today together tomorrow tonight too usually very well when
    yesterday yet actually basically apparently certainly definitely especially approximately roughly nowadays
    further abroad everywhere somewhere anywhere together online"""
)

INTERJECTIONS = word_set(
    """yes yeah yep no nope ok okay sure thanks thank hello hi hey please sorry wow oh great alright certainly goodbye
    bye"""
)
"""Words that stand outside the sentence; capitalised they are still no names."""

FILLERS = word_set("um uh uhm umm er erm hmm hm ah oh well like so")
HESITATIONS = word_set("um uh uhm umm uhh er erm hmm hm mm ah")
"""Fillers that are never anything else."""

NUMBER_WORDS = {
    word: value
    for value, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
            "twenty",
        ]
    )
} | {"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "hundred": 100}

ORDINALS = {
    "first": 0, "second": 1, "third": 2, "fourth": 3, "fifth": 4, "sixth": 5, "seventh": 6, "eighth": 7, "ninth": 8,
    "tenth": 9, "1st": 0, "2nd": 1, "3rd": 2, "4th": 3, "5th": 4, "last": -1, "final": -1,
}  # fmt: skip

FUNCTION_WORDS = (
    DETERMINERS | WH | PRONOUNS | AUXILIARIES | DO | HAVE | PREPOSITIONS | CONJUNCTIONS | NEGATIONS | FILLERS | ADVERBS
    | word_set(
    """'s let's ok okay yes no yeah please thanks thank tell give show find want need like know get"""
)
)  # fmt: skip
"""What is not counted as the subject of a message; beside the closed classes the commonest words of asking."""
