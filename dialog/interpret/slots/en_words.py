"""English words that values are made of, and the words around them."""

from __future__ import annotations

from dialog.interpret.slots.words import bag

CUISINES = bag("afghan african american argentine argentinian asian austrian bakery barbecue barbeque bbq"
    " belgian brazilian breakfast"
    " british burger burgers burmese cajun cambodian cantonese caribbean chinese coffee creole cuban dim sum dessert"
    " desserts ethiopian european fast food filipino french fusion german greek halal hawaiian hungarian indian"
    " indonesian irish israeli italian izakaya jamaican japanese korean kosher latin lebanese malaysian mediterranean"
    " mexican moroccan noodles nepalese pakistani persian peruvian pizza polish portuguese ramen russian salad"
    " sandwich sandwiches scandinavian seafood sichuan singaporean soul southern spanish steak steakhouse sushi swedish"
    " szechuan taiwanese tapas tex-mex thai tibetan turkish vegan vegetarian vietnamese") - bag(
    "food soul southern latin fast breakfast coffee salad sum dim"
) | {
    "dim sum", "fast food", "asian fusion", "californian", "california cuisine", "oriental", "southern",
    "soul food", "fine dining", "latin american", "middle eastern", "north african"
}  # fmt: skip

GENRES = bag("action adventure animated animation anime biography biographical comedy comedies crime"
    " documentary drama dramatic"
    " family fantasy funny historical history horror musical mystery romance romantic sci-fi"
        " scary suspense thriller war"
    " western supernatural cult offbeat imaginative world-music alternative blues classical country disco dance"
    " electronic electronica folk funk gospel hip-hop indie jazz metal opera pop punk rap reggae rock soul soundtrack"
    " techno edm") - {"world-music"} | {
    "science fiction", "sci fi", "life history", "hip hop", "rock and roll", "heavy metal", "alternative rock", "r&b",
    "comedy drama", "comedy-drama", "romantic comedy", "world music",
}  # fmt: skip

SPORTS = bag(
    "baseball basketball football soccer hockey tennis golf rugby cricket volleyball boxing wrestling"
    " racing nascar"
    " swimming cycling"
)

SAME: tuple[frozenset[str], ...] = tuple(
    frozenset(group.split("|"))
    for group in (
        "cheap|inexpensive|low cost|low-cost|low priced|low-priced|budget|affordable",
        "moderate|mid-range|mid range|midrange|medium|reasonably|reasonable|mid-priced|mid priced|average|intermediate",
        "expensive|pricey|high-end|high end|upscale|fancy|costly|high priced|luxury|luxurious|upmarket|classy",
        "very expensive|ultra high-end|ultra high end|super expensive|really expensive",
        "centre|center|central|downtown|city centre|city center|middle of town|in town",
        "north|northern",
        "south|southern",
        "east|eastern",
        "west|western",
        "tv|television",
        "economy|coach",
        "business|business class",
        "music|concert|concerts|music event|musical event|gig|band|singer|song",
        "sports|sport|game|games|sports event|sporting event",
        "museum|museums|gallery|art gallery",
        "theme park|amusement park",
        "place of worship|church|temple|mosque|cathedral|synagogue",
        "historical landmark|landmark|monument|historic landmark|historical site",
        "nature preserve|nature reserve|wildlife",
        "performing arts venue|theater|theatre|performing arts",
        "shopping area|shopping|shopping mall|mall|shops|place to shop|go shopping",
        "sports venue|stadium|arena",
        "barbecue|barbeque|bbq",
        "pool|shared|share",
        "psychologist|psychology",
        "general practitioner|gp|family doctor|general physician",
        "ent specialist|ear nose and throat|ent",
        "ophthalmologist|eye doctor|eye specialist|eye",
        "dermatologist|skin doctor|skin specialist|skin",
        "gynecologist|gynaecologist|gyno|obgyn",
        "savings|saving",
        "full-size|full size|large|big|fullsize",
        "compact|small",
        "none|no subtitles|without subtitles|subtitles off|no subtitle|without any subtitles|without subtitle",
        "true|yes",
        "false|no",
    )
)
"""Wordings of common values. A value of a schema takes the other wordings of its group that are
no values of that schema themselves."""

NOT_PARTIAL = bag(
    "the of and for a an in on at first second third one new good big small type class area place"
    " list other all size"
    " standard special general regular modern traditional food city world options international"
    " attraction very high ultra"
    " end not no"
)
"""Words of a longer value that do not stand for it alone."""

STATES = (
    "AL|AK|AZ|AR|CA|CO|CT|DE|FL|GA|HI|ID|IL|IN|IA|KS|KY|LA|ME|MD|MA|MI|MN|MS|MO|MT|NE|NV|NH|NJ|NM|NY|NC|ND|OH|OK|OR|PA"
    "|RI|SC|SD|TN|TX|UT|VT|VA|WA|WV|WI|WY|DC|BC|California|New York|Washington|UK|USA|France|England|Canada|Australia"
)

NOT_NAMES = bag(
    "i i'm i'd i'll i've im ok okay yes no yeah yep nope sure thanks thank please hi hello hey great"
    " good cool nice perfect"
    " awesome wonderful alright fine what when where which who whose why how is are do does did"
    " can could would will should"
    " may the a an and or but so also then now it it's its this that that's these those there"
    " here my me we you your he she"
    " they them find book search show get give tell make let let's looking look want need sounds sound how's any some"
    " something someone anything actually well not never just only monday tuesday wednesday"
    " thursday friday saturday sunday"
    " january february march april may june july august september october november december today"
    " tomorrow tonight am pm"
    " morning afternoon evening night noon for from to in on at by with of about next confirm"
    " correct right reserve play rent"
    " buy add call put schedule check see watch go going help lovely excellent fantastic love"
    " like maybe perhaps nothing"
    " goodbye bye welcome sorry have has had if as more other another all both either none one two three four five six"
    " shall plays there's here's playing wow actually hmm however unfortunately certainly interested"
    " absolutely enjoy done their currently confirming booking booked so what's you're we're i'd they're they'd we'll"
    " she'll we've you'd you've okey oops aha scheduling reserving reserved confirmed located found"
    " appointment reservation reservations ticket tickets restaurant restaurants hotel hotels"
    " movie movies song songs event"
    " events flight flights bus buses cab taxi car weather be what's whats ill dont don't that's set start leaving"
    " departing returning are search number economy business date time city dr. mr. mrs. ms. first"
)
"""Capitalised for standing first, or for no reason; never a name by themselves."""

GENERIC_NOUNS = bag(
    "area city town place location morning afternoon evening night day week weekend month year"
    " restaurant hotel movie song"
    " one ones time date moment meantime future total way same there here mind need general case"
    " fact advance person it that"
    " this which what my your their his her our the a an calendar me you them us him order"
    " addition particular cart street"
    " neighborhood vicinity cinema theater theatre salon doctor dentist bus flight car cab people"
    " tickets rooms seats home"
    " account friend my the family"
)

SENSES = bag(
    "country state city town island river lake mountain planet continent county province band singer song album film"
    " movie book novel play series show game company brand team animal bird fruit plant metal element god language"
)
"""Kinds of things that share names with others: "I meant the country" says which is meant, and names nothing."""
