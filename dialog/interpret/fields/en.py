"""Subject fields of English words, singular and lower case."""

from __future__ import annotations

_WORDS = {
    "food": "restaurant food dinner lunch breakfast brunch supper meal cuisine eat eating dine dining"
    " cafe café diner bistro"
    " pizzeria menu dish cook cooking recipe chef table taste tasty delicious hungry snack"
    " dessert pizza burger sushi pasta"
    " noodle rice bread cake cheese meat beef chicken pork fish seafood vegetable fruit apple"
    " banana soup salad sandwich"
    " steak sauce spicy vegetarian vegan coffee tea beer wine drink bar pub chinese thai italian mexican indian french"
    " japanese korean mediterranean bite foodie bake baking grill ingredient flavor",
    "lodging": "hotel hostel motel inn guesthouse room bnb airbnb suite resort accommodation lodging stay"
    " check-in lodge"
    " reservation nightly",
    "home": "apartment house flat rent rental property bedroom bathroom landlord lease furnished home condo",
    "flight": "flight airport airline plane fly flying airfare layover airplane",
    "train": "train railway rail platform departure",
    "bus": "bus coach greyhound",
    "taxi": "taxi cab uber lyft ride driver",
    "driving": "car vehicle suv sedan drive driving road traffic gas mustang truck parking garage mechanic"
    " motorcycle route"
    " navigate navigation directions mile highway compact hatchback",
    "travel": "travel trip vacation holiday tourist tour visit abroad country beach sightseeing itinerary"
    " journey passport",
    "sight": "attraction museum park landmark gallery monument zoo college architecture swimmingpool"
    " entertainment temple church",
    "weather": "weather rain rainy snow snowing sunny forecast temperature humid humidity wind windy storm"
    " cloudy cold hot fog"
    " degree warm drizzle hail frost overcast blizzard umbrella climate",
    "music": "music song album band singer artist concert guitar piano playlist playback sing singing"
    " listen rapper jazz rock"
    " hip-hop drum violin melody genre musician orchestra opera",
    "film": "movie film cinema actor actress director theater theatre tv show netflix episode series"
    " starring subtitle watch"
    " comedy horror documentary animation cartoon hollywood oscar",
    "book": "book novel author read reading writer write poem poet poetry play shakespeare hamlet library"
    " literature story"
    " fiction",
    "event": "event ticket festival game match stadium venue seat",
    "sport": "sport football soccer basketball baseball tennis hockey golf swim swimming run running gym"
    " workout exercise yoga"
    " marathon team player coach league fitness skating ski skiing hiking hike bike biking"
    " cycling wrestling bowling surfing",
    "money": "bank account balance transfer money saving checking payment pay loan deposit credit debit"
    " dollar salary fund",
    "health": "doctor dentist hospital clinic therapist psychiatrist psychologist counselor medicine pill"
    " sick illness disease"
    " health pain allergy allergic nurse surgery patient gynecologist dermatologist ophthalmologist appointment medical"
    " treatment symptom cancer diet",
    "salon": "salon stylist hair haircut hairdresser unisex barber beauty",
    "calendar": "calendar meeting remind reminder agenda alarm appointment free busy slot",
    "job": "job work working office boss coworker career company business employee employer retire"
    " retired profession hire"
    " accountant manager lawyer engineer teacher nurse",
    "school": "school college university student teacher class study studying degree major graduate exam"
    " homework professor"
    " grade education math learn learning",
    "family": "family mother father mom dad parent sister brother son daughter kid child wife husband married marriage"
    " grandmother grandfather baby uncle aunt cousin twin sibling grandma grandpa divorced",
    "pet": "pet dog cat puppy kitten horse bird animal fish hamster rabbit turtle poodle breed",
    "fashion": "clothes clothing dress shoe shirt fashion shopping shop mall jacket jewelry color store wear",
    "computing": "computer software code coding programming python javascript java app website internet phone"
    " laptop database"
    " server function bug github algorithm api script program technology gadget tech",
    "gaming": "game gaming videogame video-game xbox playstation nintendo gamer",
    "art": "art paint painting draw drawing artist craft sculpture photo photography museum knit knitting sew",
    "garden": "garden gardening plant flower tree grow farm farming",
    "science": "science physics chemistry biology planet space moon star universe atom energy theory"
    " scientist experiment",
    "history": "history war empire king queen century revolution president ancient",
    "language": "language english spanish french german chinese translate translation grammar word speak",
    "religion": "god church pray religion religious bible christian faith",
    "hobby": "hobby collect collecting collection spare fun",
}

_NOT = {
    "reservation",
    "free",
    "fish",
    "artist",
    "appointment",
    "french",
    "chinese",
    "show",
    "hot",
    "coach",
    "table",
    "play",
}
"""Words of more than one field, which would tie what does not belong together."""

FIELDS: dict[str, str] = {word: name for name, words in _WORDS.items() for word in words.split() if word not in _NOT}
FIELDS |= {"table": "food", "hair": "salon", "event": "event"}
