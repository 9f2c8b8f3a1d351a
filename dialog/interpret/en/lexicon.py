"""Open-class words that rules lean on: verbs and adjectives for chunking, nouns for their relations and kinds.

Written by hand from general knowledge of English; a word that is missing costs recall, never safety, since an unknown
word is read as a noun.
"""

from __future__ import annotations

from dialog.interpret.en.tables import word_set

DOMAIN_VERBS = word_set(
    """uninstall configure debug compile deploy renew thaw bake fry whisk simmer chop marinate sow prune fertilize
    diagnose inject swallow activate verify register subscribe unsubscribe attach insert rename paste merge
    disconnect plug assemble convert summarize summarise proofread clarify elaborate simplify conquer defend tackle
    dribble relegate owe reboot commute depart"""
)
"""Verbs of software, cooking, gardening, medicine, sport and money."""
DOMAIN_NOUNS_OR_VERBS = word_set(
    """reset restart upgrade download upload sync export import scan lock log click tap press deposit refund exchange
    harvest block format sort filter crash leak fold estimate debate ride hike delay"""
)
VERBS = (
    word_set(
        """accept access accompany achieve act adapt add admit adopt affect afford agree allow announce answer apologize
    appear apply appoint argue arrange arrest arrive ask assign attack attempt attend attract avoid award ban base
    bear beat become begin behave believe belong bite blame boil book borrow bother break breathe bring broadcast
    brush build burn buy calculate call cancel capture care carry catch cause celebrate change charge chase check
    choose claim clean clear climb close collect collaborate come commit communicate compare compete complain
    complete compose concern conduct confirm confuse connect consider consist constitute consume contact contain
    continue contribute control convince cook cooperate copy cost count cover create criticize cross cry cure cut
    damage dance deal decide declare decline decrease defeat define delete deliver depend describe deserve design
    destroy determine develop die differ direct disappear disclose discover discuss divide divorce do donate draw
    dream drink drive drop earn eat educate elect eliminate emerge employ enable encourage end enforce engage enjoy
    ensure enter escape establish evaluate evolve examine exist expand expect experience explain explore express
    face fail fall feature feed feel fight fill film find finish fit fix flee fly focus follow force forget forgive
    form found freeze function gain gather generate get give go govern graduate grow guess handle hang happen harm
    hate have head heal hear help hide hire hit hold hope host hunt hurt identify ignore imagine immigrate impact
    implement improve include increase indicate influence inform inherit injure inspire install intend interact
    introduce invade invent invest investigate invite involve join jump justify keep kick kill know label lack land
    last laugh launch lay lead learn leave lend let lie like limit link list listen live look lose love maintain
    make manage marry master matter mean measure meet mention migrate mind miss mix move name navigate need notice
    observe obtain occur offer open operate oppose order organize originate overcome own paint participate pass pay
    perform persuade pick place plan plant play please point prefer prepare prescribe present preserve prevent print
    produce promise promote propose protect protest prove provide publish pull punish purchase push put qualify quit
    raise rank reach react read realize receive recognize recommend record recover reduce refer reflect refuse
    reject relate release remain remember remind remove rent repair repeat replace reply report represent require
    rescue research resign resist resolve respond rest result retire return reveal review rise run sail save say
    schedule score search see seek seem select sell send separate serve set settle sew shake shape share shift shoot
    show shut sign sing sit sleep smell smile smoke solve sound speak specialize spell spend split spread stand star
    start state stay steal stop store stretch strike struggle study submit succeed suffer suggest suit supply
    support suppose surrender survive swim switch take talk taste teach tell tend test text thank think throw tie
    tour touch track train transfer transform translate transport travel treat trigger try turn understand undergo
    undo unlock update use vary visit vote wait wake walk want warn wash waste watch wear weigh win wish withdraw
    wonder work worry worship wrap write yell text message email phone ring dial reschedule decline forward navigate
    mute turn snooze skip shuffle pause resume"""
    )
    | DOMAIN_VERBS
    | DOMAIN_NOUNS_OR_VERBS
)

IRREGULAR = {
    "arose": "arise", "ate": "eat", "eaten": "eat", "became": "become", "began": "begin", "begun": "begin",
    "bit": "bite", "bore": "bear", "born": "bear", "borne": "bear", "bought": "buy", "broke": "break",
    "broken": "break", "brought": "bring", "built": "build", "came": "come", "caught": "catch", "chose": "choose",
    "chosen": "choose", "died": "die", "drank": "drink", "drunk": "drink", "drew": "draw", "drawn": "draw",
    "drove": "drive", "driven": "drive", "fed": "feed", "fell": "fall", "fallen": "fall", "felt": "feel",
    "fought": "fight", "flew": "fly", "flown": "fly", "forgot": "forget", "found": "find", "froze": "freeze",
    "gave": "give", "given": "give", "gone": "go", "got": "get", "gotten": "get", "grew": "grow", "grown": "grow",
    "heard": "hear", "held": "hold", "hid": "hide", "hidden": "hide", "hung": "hang", "kept": "keep",
    "knew": "know", "known": "know", "laid": "lay", "led": "lead", "left": "leave", "lent": "lend", "lost": "lose",
    "made": "make", "meant": "mean", "met": "meet", "paid": "pay", "ran": "run", "rang": "ring", "rose": "rise",
    "said": "say", "sang": "sing", "sat": "sit", "saw": "see", "seen": "see", "sent": "send", "shot": "shoot",
    "showed": "show", "shown": "show", "slept": "sleep", "sold": "sell", "sought": "seek", "spent": "spend",
    "spoke": "speak", "spoken": "speak", "spread": "spread", "stole": "steal", "stolen": "steal", "stood": "stand",
    "struck": "strike", "sung": "sing", "swam": "swim", "taken": "take", "taught": "teach", "thought": "think",
    "threw": "throw", "thrown": "throw", "told": "tell", "took": "take", "understood": "understand", "went": "go",
    "won": "win", "wore": "wear", "worn": "wear", "woke": "wake", "wrote": "write", "written": "write",
    "withdrew": "withdraw",
}  # fmt: skip

ADJECTIVES = word_set(
    """able afraid alive alone available awake aware bad bald beautiful better big bigger biggest blind boring bright
    broken busy calm certain cheap cheaper cheapest clean clear close closer closed cold common complete contagious
    cool crazy crowded cruel curious dangerous dark dead deaf deep difficult dirty dry easy easier effective empty
    endangered ethical evil exact expensive extinct extra fair fake false famous far fast faster fat fine flat
    foreign free fresh full funny genetic glad good great guilty half happy hard harder hardest hard harmful healthy
    heavy helpful high higher hot huge hungry ill illegal important impossible independent intelligent interested
    interesting joint key large larger largest late later latest legal likely little local long longer loud low
    lower lucky main major married mad mean modern moderate mutual native natural near nearest necessary negative
    new newer nice normal notable noteworthy numb odd ok okay old older oldest online only open original own painful
    past perfect permanent physical popular positive possible previous private prominent public pure quick quiet
    rare rated ready real recent reliable religious rich safe safer same scary scientific serious severe sharp short
    shorter short-term long-term sick significant similar simple single slow slower small smaller smart social soft
    special specific strange strong stronger successful sudden sure sweet tall taller terrible thick thin tired
    total toxic treatable true typical ugly unique unusual upset useful useless usual valid various vegan vegetarian
    violent warm weak wealthy weird wet whole wide wild wise wonderful worse worst worth wrong young younger
    youngest different difference-making upscale cozy romantic trendy nearby downtown dead alive pregnant famous
    rude related"""
) - {"difference-making"}

NOUN_OR_VERB = (
    word_set(
        """act answer attack award ban book burn call care cause change charge check claim cook cost count cover cure
        cut
    damage dance deal design dream drink drive drop end experience face fall feature feel fight film fit focus force
    form function gain guess harm hate head help hit hold hope host hunt hurt impact increase influence label lack
    land last laugh launch lead lie like limit link list look love master matter mean measure mind miss mix move
    name need offer open order paint pass pay pick place plan plant play point present print produce promise protest
    pull purchase push rank reach reply report request research rest result return review ring rise run sail save
    score search set shape share shift shoot show sign smell smile smoke sound split spread stand star start state
    stay stop store stretch strike struggle study suit supply support switch talk taste test text tie tour touch
    track train transfer transport travel treat trigger try turn update use visit vote wait walk wash waste watch
    win wish wonder work worry wrap text message email phone dream record release swim drink sleep live interest
    influence concern contact process project produce object"""
    )
    | DOMAIN_NOUNS_OR_VERBS
)
"""Words that are nouns after a determiner and verbs after a subject."""

RELATIONAL = word_set(
    """address advantage adaptation age aim amenity anatomy alternative appeal area argument aspect attraction author
    average background basis benefit birthplace biography budget calorie cause capital category cast century
    challenge chance character characteristic chart climate color colour colony component composition con concept
    consequence consequence content controversy cost country creator criticism culture cure currency cuisine danger
    date deadline death definition degree demographic demand depth description design diet difference dimension
    director disadvantage discography discovery distance drawback economy effect effectiveness element ending
    entrance environment event evidence evolution example exception factor fare feature fee finding food founder
    frequency fruit function future gdp genre goal habitat height history hour id impact implication importance
    income influence ingredient invention inventor key language law layer leader length lesson lifespan limitation
    link location lyric lyrics manager meaning mechanism member menu method milestone motivation motto movement name
    nature niche number objective opening opponent opposition origin outcome owner paper part pattern percentage
    period perk phase phone phone-number philosophy pioneer place plot policy population position postcode potency
    practice precaution predator premise presence president price principle problem procedure producer product pro
    property publisher purpose quality range rate rating reaction reason reception recipe record relationship
    reliability religion reputation requirement response responsibility result reveue revenue review reward risk
    role root rule safety salary sales schedule score season section setting shape side sign significance similarity
    singer size slogan solution sound source species speed stage standard step stereotype storyline strategy
    strength structure style success summary symbol symptom system tax technique technology temperature term test
    theme threat ticket tradition traffic treatment trend turning type use uses value variation variety version
    victim view weakness weather website weight width winner writer year zip postal"""
) - {"reveue"}
"""Nouns that are someone's or something's: heard bare ("what are the symptoms?") they ask "of what?"."""

ATTRIBUTES = word_set(
    """address phone number postcode menu price cost hours location rating reviews review area cuisine food range fee
    website schedule name telephone postal code zip directions opening fare capacity population"""
)
"""Relational nouns that a service is asked for about one entry of its catalogue."""

COMMON_HOLDERS = word_set(
    """place thing person guy man woman lady girl boy city town country state company business restaurant hotel museum
    film movie book novel song album band group team show series game disease illness condition animal species plant
    breed experiment study event war battle party project system process method theory term word language artist
    singer actor actress author writer player athlete president king queen character building bridge tower park
    island river mountain lake university school college church store shop mall cafe bar pub club airport station
    product device phone car machine program software app website site organization organisation institution law act
    treaty plan policy festival market trip tour meeting appointment call message reminder playlist track video
    story poem play drug medicine treatment food dish drink recipe option item"""
)
"""Nouns that stand in for something named before: "that restaurant", "the band"."""

PLACE_HEADS = word_set(
    """city town village country state county region area continent island islands river lake ocean sea mountain
    mountains beach park museum restaurant hotel cafe bar pub club church cathedral temple castle palace tower
    bridge square street avenue road station airport university school college hospital library zoo mall store shop
    market theater theatre stadium garden gardens district neighborhood neighbourhood downtown centre center reef
    desert forest valley canyon capital house gallery monument memorial campus office building planet moon province
    territory bay coast harbor harbour"""
)

FEMALE = word_set(
    """mother mom mum mommy grandmother grandma aunt sister daughter wife girlfriend niece queen princess lady woman
    girl actress waitress stepmother bride widow ms mrs miss duchess goddess empress heroine madam mary anna anne
    ann maria marie emma olivia sophia sofia isabella ava mia charlotte amelia emily elizabeth ella grace alice lucy
    kate katie katherine catherine kathy karen susan sarah sara laura linda barbara patricia jennifer jessica ashley
    amanda lisa nancy betty helen sandra donna carol ruth sharon michelle kimberly deborah debbie debra dorothy
    margaret melissa rebecca becky cynthia kathleen pamela pam amy angela martha brenda nicole janet diane diana
    julie julia joyce victoria virginia kelly lauren christina cheryl heather evelyn joan judith megan andrea hannah
    jacqueline frances gloria teresa ann jean rose janice judy madison beverly denise marilyn danielle theresa
    sophie brittany jane lori rachel natalie vanessa monica wendy paula jill erin eva audrey sally tina molly claire
    clara chloe zoe serena venus beyonce beyoncé madonna rihanna adele oprah cleopatra billie rosalind katrina
    britney mariah shakira whitney taylor dolly loretta alicia cher florence winnie indira malala marilyn celine
    selena lorelei amber tiffany sabrina joanie connie penny peggy maggie jenny annie carrie stacy tracy tara erica
    stephanie samantha courtney paige holly"""
)
MALE = word_set(
    """father dad daddy grandfather grandpa uncle brother son husband boyfriend nephew king prince man guy boy
    gentleman waiter stepfather groom mr sir duke emperor god hero lord pope james john robert michael mike william
    bill billy david dave richard rick joseph joe thomas tom charles charlie christopher chris daniel dan matthew
    matt anthony tony mark donald don steven steve stephen paul andrew andy joshua josh kenneth ken kevin brian
    george timothy tim ronald ron edward ed eddie jason jeffrey jeff ryan jacob jake gary nicholas nick eric
    jonathan jon larry justin scott brandon benjamin ben samuel sam gregory greg frank alexander alex raymond ray
    patrick jack dennis jerry tyler aaron jose henry adam douglas doug nathan peter zachary kyle walter harold
    jeremy ethan carl keith roger gerald christian terry sean arthur austin noah lawrence jesse bryan bruce jordan
    dylan alan ralph roy eugene louis luis wayne albert philip phil johnny bobby bob russell vincent ernest martin
    victor fred leonard stanley stan alfred miles nelson barack isaac charles napoleon ludwig wolfgang amadeus
    vladimir emmanuel winston abraham abe theodore ted franklin harry lionel leonardo pablo salvador sigmund
    friedrich karl marco antonio carlos juan pedro diego miguel calvin todd randy craig shawn chad derek reggie kobe
    lebron elon mohandas mahatma muhammad ali igor ivan sergei hans jim jimmy jay ian neil hugh simon stuart graham"""
) - {"ali", "jordan", "christian", "austin"}
PERSON_HEADS = word_set(
    """person people friend friends boss doctor teacher child children kid kids parent parents partner colleague
    coworker neighbor neighbour baby cousin actor singer author writer director president player artist scientist
    musician athlete politician physicist chemist poet painter composer rapper comedian engineer inventor
    philosopher general soldier leader founder ceo manager coach dentist lawyer nurse student someone"""
)
PERSON_TITLES = word_set(
    """mr mrs ms miss dr doctor sir lord lady president king queen prince princess pope saint general captain professor
    prof senator judge chef aunt uncle"""
)
BAND_HEADS = word_set("""band bands group team orchestra family couple company duo trio people club""")

CALLS_FOR_PLACE = word_set(
    """reach direct take send bring guide lead go get drive travel fly walk move come navigate head return ride went
    been come going got"""
)
MASS = word_set(
    """water milk music money information news advice weather traffic furniture luggage research evidence history
    knowledge software hardware electricity energy sugar salt rice bread coffee tea beer wine meat food blood cancer
    health education work homework help progress time space art love luck rain snow"""
)

PLURAL_ONLY = word_set(
    """people children men women police teeth feet mice geese cattle data media criteria phenomena bacteria lyrics"""
)
SINGULAR_IN_S = word_set(
    """news physics mathematics economics politics athletics gymnastics diabetes rabies measles mumps tuberculosis
    series species gas bus class glass pass boss loss business illness process access success address congress
    campus virus status texas paris kansas arkansas massachusetts illinois athens brussels naples los vegas des
    dallas minneapolis memphis analysis basis crisis thesis hypothesis photosynthesis arthritis psoriasis sclerosis
    lens christmas atlas chaos tennis chess james charles thomas chris texas wales always ios windows us is ms
    netflix reflux arthritis"""
)

LIGHT_MODIFIERS = word_set(
    """main key major important basic common typical possible different other various first best biggest popular famous
    most big long-term short-term short long term side health positive negative good bad great current modern early
    own specific some many notable primary secondary general special top real real-life official total final overall
    environmental economic political social physical"""
)
"""Modifiers after which a relational noun is no thing of its own yet: "the main themes"."""
