"""The vocabulary of the sample corpus apart from its aspects: names, people and sentences that fit any toy."""
from preprocessing.sample.phrases import templates


def _names(text):
    return tuple(" ".join(name.split()) for name in text.split(","))


BRANDS = _names("""
    Bramblewick, Tindra, Quillo, Merrydale, Bumblefox, Hexaplay, Otterfield, Cogwell, Plumtree Lane,
    Rocketon, Pebblekin, Northpaw, Zimbolo, Wobblewood, Kettleby, Larkmoor, Fizzbury,
    Owlet & Son, Juniper Yard, Tocktick, Sundapple, Marbleton, Yonder, Pinwick""")

THEMES = _names("""
    Jungle, Arctic, Deep Sea, Starlight, Rainbow, Thunder, Turbo, Junior, Super, Little Captain,
    Wild West, Galaxy, Safari, Ocean, Dragon, Fairy Tale, Lightning, Mountain, City, Farmyard,
    Polar, Sunny Day, Midnight, Comet, Cosmic, Unicorn, Explorer, Adventure, Champion, Classic,
    Deluxe, Wonder, Forest, Desert, Harbor, Moonlight""")

KINDS = {  # category -> kinds of toy; each kind has a motor, a light or a voice, as the aspects require
    "Vehicles": _names("""
        Race Track, Train Set, Fire Truck, Crane Truck, Excavator, Police Car, Rescue Helicopter,
        Speedboat, Space Shuttle, Tractor"""),
    "Robots & Science": _names("""
        Robot, Robot Dog, Robot Arm, Planetarium, Microscope, Weather Station, Solar Rover,
        Dinosaur, Marble Machine, Night Sky Projector"""),
    "Pretend Play": _names("""
        Play Kitchen, Cash Register, Tool Bench, Doctor Set, Ice Cream Cart, Dollhouse, Castle,
        Pirate Ship, Coffee Shop, Market Stand"""),
    "Early Discovery": _names("""
        Globe, Tablet, Laptop, Story Reader, Quiz Console, Activity Desk, Activity Cube,
        Discovery Table, Drawing Easel, Clock"""),
    "Music": _names("""
        Keyboard, Drum Kit, Guitar, Xylophone, Accordion, Mixing Desk, Dance Mat, Karaoke Stand,
        Trumpet, Music Table"""),
}

_AGED = tuple(f"our {age} year old" for age in ("three", "four", "five", "six", "seven"))
_GIRLS = ("my niece", "our daughter", "my granddaughter", "my goddaughter", "my little sister",
          "our oldest", "our youngest") + _AGED
_BOYS = ("my nephew", "our son", "my grandson", "my godson", "my little brother",
         "our oldest", "our youngest") + _AGED
CHILDREN = (tuple((name, "she", "her", "her") for name in _GIRLS)  # full name, then pronouns:
            + tuple((name, "he", "him", "his") for name in _BOYS))  # subject, object, possessive

TIMES = ("two months", "six weeks", "three months", "half a year", "a whole winter", "four months",
         "eight weeks", "a full year", "five months", "a long summer")
SOON = ("a week", "two days", "an hour", "three days", "one weekend", "a few days", "four days",
        "ten days")

OPENINGS = templates("""
    - [Bought|Ordered|Picked up|Got] this {toy} for {childo} [as a birthday gift|as a Christmas
      gift|as a reward|as a surprise|before a long trip|last summer|on a friend's advice|one
      rainy weekend].
    - This {toy} was a [birthday|Christmas|holiday|thank you|get well|farewell]
      [present|gift|surprise] for {childo}[| from the whole family| from us| from an uncle].
    - {child} had [asked for|wanted|wished for|begged for] [this {toy}|{a toy}] [for weeks|for
      months|since seeing one at a friend's house|all year|ever since the holidays].
    - My [cousin|mother|husband|wife|neighbor|coworker|friend] [recommended|suggested|found] this
      {toy}, and we [ordered|bought|got] [it|one] for {childo}.
    - {child} [got|was given|received] this {toy} [on Christmas morning|last week|as a birthday
      gift|on the last day before vacation|as a present from an aunt|at a family party].
    - We [gave|got|bought] {childo} this {toy} [last month|in the spring|for the holidays|after a
      good report card|instead of another video game|to fill a long winter].
    - {a brand} {toy} was [on {child's} wish list|all {child} wanted|{child's} one wish] [this
      year|last Christmas|this spring].
    - We have [owned|had|been using] this {toy} for [some time|a little while|a few weeks] now,
      [it belongs to {childo}|and {child} has used it a lot|bought for {childo}].
    """)

ASIDES = templates("""
    - [Delivery|Shipping] [was quick|took four days|was on time|took a bit longer than
      promised|was fine|was free|took a week][|, as always with them|, even before the holidays|,
      which is normal here|, and the driver was friendly].
    - It [arrived|came|was delivered] [on time|two days early|a day late|in under a week|just
      before the party|while we were out].
    - This was our [first|second|third] {toy} from {brand}[| and maybe not the last].
    - [Customer service|The seller|{brand}] [answered my question|wrote back|replied] [within a
      day|the same day|after some time|politely].
    - I read [many|a lot of|dozens of] reviews before I [ordered|chose this {toy}|decided].
    - We [looked at|thought about|considered] [three|four|several] others before
      [choosing|ordering|deciding on] this one.
    """)

LEADS = ("Honestly, ", "I must say, ", "I have to admit, ", "Truth be told, ", "Just so you know, ",
         "To tell the truth, ", "For the record, ", "Frankly, ", "No joke, ", "If you ask me, ",
         "As it turned out, ")
CONTRASTS = ("On the other hand, ", "Then again, ", "However, ", "That said, ", "On another note, ")
REMARKS = ("Also, ", "By the way, ", "One more thing: ", "Apart from that, ", "Besides, ", "")
CONCESSIONS = ("Even so, ", "Still, ", "All the same, ", "In spite of that, ")

VERDICTS = (  # by rating; the first template of each begins with a lead, so it follows no concession
    templates("""
    - [Overall|All in all|In short], [a total letdown|a bad choice|not for us|one to avoid|I am
      sorry we got it|nothing but trouble].
    - [Stay away|Do not buy it|Avoid this one|Look elsewhere][|, whatever they say|, please|, we
      sent ours back| and spare yourself the trouble].
    - [One star is generous|I cannot recommend it to anybody|We returned it|It went back the same
      week|I would give zero stars if I could].
    - I [regret|am sorry about] [this purchase|choosing this {toy}|ordering it|trusting {brand}].
    - [Very|Deeply|Truly] disappointed[| with {brand}| by this {toy}| all round| and a little
      angry].
    """), templates("""
    - [Overall|All in all|In short], [we are let down|more bad than good|below what I hoped
      for|not a good buy|I expected better].
    - I would not [order|choose|get] [it|this {toy}] again[|, sadly|, I think|, and I told
      {brand} so].
    - [Two stars|Only two stars|Two stars at most][|, because the idea is good|, no more|, with
      regret| from a patient family].
    - I [expected|hoped for] better from {brand}[|, frankly|, to be honest|, given the other
      reviews].
    - [Hard|Difficult|Not easy] to recommend[| as it stands| to anybody| with a clear conscience|
      to a friend].
    """), templates("""
    - [Overall|All in all|In short], [it is okay|it is average|not bad, not great|we can live
      with it|a decent but ordinary {toy}].
    - [Three stars|A middle rating|An average mark] [from us|from me|seems right][|, for now|,
      all things considered|, no more and no less].
    - It [has its good and bad sides|is a mixed bag|does some things well and others not|leaves
      me undecided][|, like most of them|, as you can see|, to sum up].
    - [I might|We may|Perhaps I would] [try another brand|look around more|choose another
      {toy}|give {brand} another chance] next time.
    - [Not sure|Undecided|I cannot say] whether I would [get it again|recommend it|choose this
      {toy} again|give it as a gift].
    """), templates("""
    - [Overall|All in all|In short], [we are happy with it|a good choice|we like it|a good
      buy|glad we have it].
    - [Four stars|A clear four|A good four stars] [from us|from me|in this house][|, maybe more
      later|, and gladly|, well earned].
    - I would [recommend|suggest] [it|this {toy}][| to a friend| to other parents|, with a few
      reservations| to most families].
    - We are [pleased|content|satisfied|happy] with [our choice|this {toy}|{brand}|it][|, on the
      whole|, all things considered].
    - [Nearly|Almost|Not quite] perfect[| for us|, and we are keeping it| for the age group| but
      for one thing].
    """), templates("""
    - [Overall|All in all|In short], [we love it|a wonderful choice|could not be happier|a great
      buy|one of our best gifts ever].
    - [Highly|Warmly|Gladly] recommended[| to any family| to all parents| from our house| to
      anyone who asks].
    - [Five stars|Five bright stars|All five stars][|, no question|, and we mean it| from all of
      us|, without a second thought].
    - [Love it|We adore it|Just wonderful|So happy with it][|, thank you {brand}|, what a find|,
      the best {toy} this year].
    - I would [get|order|choose] [it|this {toy}] again [in a heartbeat|any day|tomorrow|without
      thinking].
    """))

SUMMARIES = (  # by rating; the review judges {topic} as the stars do
    ("Very disappointed", "Do not buy", "Sent it back", "The {topic} ruins it", "Awful {topic}",
     "Avoid this {toy}", "Stay away"),
    ("Not impressed", "Expected better", "Let down by the {topic}", "Poor {topic}",
     "Not a great {toy}", "Would not choose it again"),
    ("It is okay", "Mixed feelings", "So-so {topic}", "An average {toy}", "Torn about the {topic}",
     "Good and bad sides", "Three stars for this {toy}"),
    ("Good {toy}", "Happy with it", "Good {topic}", "Pleased with the {topic}",
     "Nice {toy} for the family", "Nearly perfect", "A good choice"),
    ("Love this {toy}", "Wonderful gift", "Excellent {topic}", "The {topic} won us over",
     "Five stars", "A great {toy}", "Could not be happier"))

DESCRIPTIONS = templates("""
    - [Meet|Discover|Say hello to] the {title}, {a toy} for ages [three|four|five|six] and up.
      [Needs|Takes|Runs on] [two|three|four] AA batteries ([included|not included]). [Some
      assembly required|Ready to use].
    - The {title} brings [new ideas|a big adventure|something new] to [the playroom|rainy
      afternoons|family evenings]. For ages [three|four|five] to [eight|nine|ten]. Batteries
      [included|not included].
    - [Designed|Developed] [with families|by parents|with care] at {brand}: the {title}. [With a
      two year warranty|Comes with a parents' guide|Gift ready]. For ages [three|four|five|six]
      and up.
    """)
