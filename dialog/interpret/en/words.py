"""The closed classes of English: the small words that give a sentence its shape."""

from __future__ import annotations

ARTICLES = frozenset(["a", "an", "the"])
DEMONSTRATIVES = frozenset(["this", "that", "these", "those"])
POSSESSIVES = frozenset(["my", "your", "his", "her", "its", "our", "their", "whose"])
QUANTIFIERS = frozenset(
    [
        "some",
        "any",
        "no",
        "every",
        "each",
        "all",
        "both",
        "another",
        "other",
        "many",
        "much",
        "more",
        "most",
        "few",
        "several",
        "enough",
        "either",
        "neither",
        "less",
        "various",
        "certain",
        "such",
        "half",
    ]
)
WH_DETERMINERS = frozenset(["which", "what"])
DETERMINERS = ARTICLES | DEMONSTRATIVES | POSSESSIVES | QUANTIFIERS | WH_DETERMINERS

WH = frozenset(
    [
        "who",
        "whom",
        "whose",
        "what",
        "which",
        "when",
        "where",
        "why",
        "how",
        "whoever",
        "whatever",
        "whichever",
        "wherever",
        "whenever",
    ]
)

SUBJECT_PRONOUNS = frozenset(["i", "you", "he", "she", "it", "we", "they"])
OBJECT_PRONOUNS = frozenset(["me", "him", "us", "them"])
OTHER_PRONOUNS = frozenset(
    [
        "mine",
        "yours",
        "hers",
        "ours",
        "theirs",
        "myself",
        "yourself",
        "himself",
        "herself",
        "itself",
        "ourselves",
        "yourselves",
        "themselves",
        "something",
        "anything",
        "nothing",
        "everything",
        "someone",
        "anyone",
        "everyone",
        "nobody",
        "somebody",
        "anybody",
        "everybody",
        "there",
        "here",
        "one",
        "ones",
    ]
)
PRONOUNS = SUBJECT_PRONOUNS | OBJECT_PRONOUNS | OTHER_PRONOUNS

BE = frozenset(["be", "am", "is", "are", "was", "were", "been", "being", "'m", "'re", "ai"])
HAVE = frozenset(["have", "has", "had", "having", "'ve"])
DO = frozenset(["do", "does", "did", "doing", "done"])
MODALS = frozenset(
    [
        "can",
        "could",
        "will",
        "would",
        "shall",
        "should",
        "may",
        "might",
        "must",
        "ca",
        "wo",
        "sha",
        "'ll",
        "'d",
        "cannot",
        "gonna",
        "wanna",
    ]
)
AUXILIARIES = BE | (HAVE - {"having"}) | (DO - {"doing", "done"}) | MODALS

PREPOSITIONS = frozenset(
    [
        "about",
        "above",
        "across",
        "after",
        "against",
        "along",
        "among",
        "around",
        "as",
        "at",
        "before",
        "behind",
        "below",
        "beneath",
        "beside",
        "besides",
        "between",
        "beyond",
        "by",
        "despite",
        "down",
        "during",
        "except",
        "for",
        "from",
        "in",
        "inside",
        "into",
        "like",
        "near",
        "of",
        "off",
        "on",
        "onto",
        "out",
        "outside",
        "over",
        "past",
        "per",
        "since",
        "than",
        "through",
        "throughout",
        "to",
        "toward",
        "towards",
        "under",
        "underneath",
        "until",
        "till",
        "up",
        "upon",
        "versus",
        "vs",
        "via",
        "with",
        "within",
        "without",
        "regarding",
        "concerning",
        "including",
    ]
)
CONJUNCTIONS = frozenset(
    [
        "and",
        "or",
        "but",
        "nor",
        "so",
        "yet",
        "because",
        "although",
        "though",
        "while",
        "if",
        "unless",
        "whether",
        "that",
        "whereas",
    ]
)
NEGATIONS = frozenset(["not", "n't", "never", "no"])

ADVERBS = frozenset(
    [
        "also",
        "again",
        "already",
        "always",
        "almost",
        "anymore",
        "anyway",
        "away",
        "back",
        "best",
        "better",
        "both",
        "currently",
        "else",
        "even",
        "eventually",
        "ever",
        "exactly",
        "far",
        "first",
        "finally",
        "generally",
        "here",
        "how",
        "instead",
        "just",
        "later",
        "likely",
        "long",
        "maybe",
        "mostly",
        "much",
        "nearby",
        "never",
        "next",
        "now",
        "often",
        "once",
        "only",
        "originally",
        "originated",
        "perhaps",
        "please",
        "possibly",
        "pretty",
        "probably",
        "quite",
        "rather",
        "really",
        "recently",
        "right",
        "still",
        "soon",
        "sometimes",
        "then",
        "there",
        "therefore",
        "today",
        "together",
        "tomorrow",
        "tonight",
        "too",
        "usually",
        "very",
        "well",
        "when",
        "yesterday",
        "yet",
        "actually",
        "basically",
        "apparently",
        "certainly",
        "definitely",
        "especially",
        "approximately",
        "roughly",
        "nowadays",
        "further",
        "abroad",
        "everywhere",
        "somewhere",
        "anywhere",
        "together",
        "online",
    ]
)

INTERJECTIONS = frozenset(
    [
        "yes",
        "yeah",
        "yep",
        "no",
        "nope",
        "ok",
        "okay",
        "sure",
        "thanks",
        "thank",
        "hello",
        "hi",
        "hey",
        "please",
        "sorry",
        "wow",
        "oh",
        "great",
        "alright",
        "certainly",
        "goodbye",
        "bye",
    ]
)
"""Words that stand outside the sentence; capitalised they are still no names."""

FILLERS = frozenset(["um", "uh", "uhm", "umm", "er", "erm", "hmm", "hm", "ah", "oh", "well", "like", "so"])
HESITATIONS = frozenset(["um", "uh", "uhm", "umm", "uhh", "er", "erm", "hmm", "hm", "mm", "ah"])
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
    | frozenset(["'s", "let's", "ok", "okay", "yes", "no", "yeah", "please", "thanks", "thank", "tell", "give", "show", "find", "want", "need", "like", "know", "get"])
)  # fmt: skip
"""What is not counted as the subject of a message; beside the closed classes the commonest words of asking."""
