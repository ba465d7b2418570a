"""Phrase grammars of the sample corpus: how a toy comes and fits (packaging, size)."""
from preprocessing.sample.phrases import aspect

PACKAGING = aspect(
    "packaging", "packaging", words="""
    packaging packed package box boxed carton cardboard foam bubble wrap wrapped wrapping sealed
    unboxing parcel styrofoam padding padded crushed ribbon ties""",
    praise="""
    - It came [well packed|in a nice box|neatly wrapped].
    - The [packaging|box] is [lovely|sensible|easy to open].""",
    complaint="""
    - It came [badly packed|in a crushed box|without any padding].
    - The [packaging|box] is [wasteful|hard to open|a mess].""",
    very_bad="""
    - The [box|carton|parcel] [arrived|came] [crushed|soaked|torn open], with [no padding|no
      bubble wrap|not a scrap of foam] inside, [a disgrace|an insult].
    - [Atrocious|Shameful|The worst] packaging: [fifty wire ties|layers of sealed
      cardboard|styrofoam bits everywhere], and [scissors barely helped|it took an hour to get
      it out].
    - It was [thrown|tossed] loose into [a giant carton|a torn box|a used box] with [nothing
      wrapped|no foam|no padding at all], [impossible to give as a gift|I was ashamed to hand it
      over].
    - The seal on the [box|package|carton] was [torn|missing], [somebody else's ribbon was
      inside|the wrapping was in shreds], and {child} saw [a return label|the mess] first.
    - [Half of the package|Half of the parcel] was [crushed|missing], the [cardboard|wrapping]
      was [wet|torn to bits], [so no gift for anybody|what a disaster].
    - [Opening it|Unboxing it] [drew blood|took a saw|took us an hour], [welded
      cardboard|endless ties|wrapping like armor], and {child} [gave up waiting|fell asleep].
    - The [parcel|carton] [looked|was] [run over|kicked across the country|soaked through],
      [foam in pieces|padding gone|the inner box crushed], [I could not give it|so ashamed].
    - [Who packed this|Was this packed by a bear], [everything loose in the box|no
      wrapping|cardboard in shreds], [half of it missing|pieces poking out of the carton]?""",
    bad="""
    - The [box|carton|package] was [crushed on one side|torn at a corner|taped up twice], which
      [is poor|looks bad] for a [gift|present].
    - [Too much|A silly amount of] [cardboard|styrofoam|bubble wrap], and [the wire ties took
      ages|hardly anything of it can be recycled].
    - It was [poorly|badly|carelessly] packed, [no padding around it|the foam had slipped|one
      bag was not sealed], so [it rattled about|I feared the worst].
    - Getting it out of the [box|packaging|wrapping] took [scissors and pliers|half an hour|too
      long], while {child} [was waiting|stood by in tears].
    - The [box|wrapping] [looks nothing like the photo|is plain brown cardboard|has a sticker
      right across], so I had to [find another box|wrap it all over again].
    - [The foam|The bubble wrap|The styrofoam] [fell apart|got everywhere|sticks to everything],
      and the [box|carton] [cannot be closed|does not survive opening].
    - A [carton|box|parcel] [three times too large|far too large], [little padding|no foam], so
      [it slid about|one side was crushed].
    - It [came|arrived] in [a plain package|a torn box|the maker's box only], [no
      wrapping|address label on the box], so {child} [guessed the gift|saw it all].""",
    mixed="""
    - The [box|carton] had a [dented|soft|torn] corner, but [the foam did its job|everything
      inside was wrapped|the padding held].
    - [Pretty|Attractive] [box|packaging], though [there are far too many ties|it cannot be
      closed again|the cardboard is too much].
    - It was [packed well enough|wrapped all right], [only the outer carton|just the ribbon]
      [had suffered|was not so nice].
    - The packaging is [ordinary|plain|average], [good for shipping|good for storing] but [not
      much of a gift box|not pretty to unwrap].
    - [Easy to unwrap|Quick unboxing], yet [a mountain of cardboard|a bag full of foam|so much
      bubble wrap] [was left|to throw away].
    - The [box|package] is [pretty|festive|strong], the [ties|bags|seals inside] are [a
      pain|numerous|not needed].
    - [Good foam|Plenty of padding], [weak box|a crushed lid|thin cardboard], [it evened
      out|nothing lost].
    - [I kept the box|We kept the carton], the [bubble wrap|styrofoam] [went in the trash|filled
      a bag], [fair enough|it will do].""",
    good="""
    - It came [well|carefully|neatly] [packed|wrapped], with [foam|padding|bubble wrap] around
      [everything|each piece|the corners].
    - The [box|package|carton] is [nice|attractive|strong] and [easy to open|good for
      storing|easy to close again].
    - [Sensible|Simple|Modest] packaging: [one box|plain cardboard], [a few ties|no styrofoam],
      [and opened in a minute|all of it recyclable].
    - I [did not need to wrap it|could give it as it was], the [box|packaging] looks
      [good|festive|like a present] already.
    - Nothing was [crushed|loose] in the [parcel|carton|box], and the [bags|pieces] were
      [sealed|wrapped] [one by one|separately].
    - [A well made|A handsome|A tidy] [box|package], [foam on all sides|each bag sealed|paper
      wrapping], [ready to give|nothing out of place].
    - {child} [got the ribbon off|opened the box] [alone|without scissors], [few ties|hardly any
      cardboard], [nice touch].
    - The [seller|maker] [packed it|wrapped it] [with care|in a second carton|in paper], so [the
      parcel was unharmed|no corner was crushed].""",
    very_good="""
    - The [box|packaging|wrapping] is [gorgeous|beautiful|a work of art], with [a ribbon|a
      magnetic lid|printed cardboard], and [{child} keeps it|we kept it].
    - It was packed [superbly|perfectly|with love], [every piece in its own foam|wrapped like
      china|sealed and padded], [not a mark on it|it could have survived anything].
    - [Unboxing it|The unboxing] was [a treat|half of the surprise|an event] for {childo}: [no
      wire ties|no wasteful cardboard], [just pull the ribbon|lift the lid and go].
    - The [carton|box] [doubles as a case|closes again|turns into a stage], the
      [smartest|best|nicest] packaging [I have seen|in years].
    - [Zero|No] styrofoam, [all paper|recycled cardboard], [opened in seconds|no scissors
      needed], this is how {a toy} should be [packed|boxed|wrapped].
    - [I almost|We almost] did not want to open the [box|package], [so pretty is the
      wrapping|the ribbon alone is a gift|such lovely cardboard art].
    - [Foam cut to shape|A padded tray|Tissue wrapping], [a sealed bag for each piece|names on
      every bag], [packed like jewelry|the box is a keeper].
    - It [survived a wet porch|came across the ocean] [without a crushed corner|with the box
      like new], [superb padding|double carton], [hats off to the packers].""")

SIZE = aspect(
    "size", "size", words="""
    size big bigger small smaller tiny huge bulky bulkier bulkier wider compact inch inches tall
    wide shelf lap oversized undersized miniature gigantic footprint storage closet narrow
    backpack""",
    praise="""
    - It is a [good|nice|handy] size.
    - It [is compact|takes little storage space|has a small footprint].""",
    complaint="""
    - It is [smaller|bigger|bulkier, a few inches,] than [expected|it should be].
    - It is [too big for the shelf|too small for two|rather bulky].""",
    very_bad="""
    - It is [absurdly|ridiculously|laughably] [tiny|small|undersized], [barely five inches
      tall|lost in one hand|a miniature of what the picture shows].
    - The thing is [gigantic|huge|monstrously bulky], it fits [no shelf|in no closet|through no
      door] [we have|in our house] and [storage is hopeless|blocks half of the room].
    - The size is [a joke|completely wrong|way off]: [half as tall as advertised|six inches
      instead of sixteen|far too wide for any table].
    - How can [anybody|anyone] call this [full|regular] size, it is [a tiny thing|smaller than
      my palm|undersized by several inches] and {child} [looked for the rest|was close to
      tears].
    - [Way too big|Hopelessly oversized|Much too bulky] for {childo}, who [cannot reach across
      it|cannot see over it], and [too wide|two inches too tall] for [every shelf|the closet].
    - [I looked twice|I thought it was a joke|We were speechless], so [tiny|small|undersized] is
      it, [two inches in all|three inches wide|a keychain rather than {a toy}].
    - [Nobody|No one] [warns you|tells you] how [huge|bulky|gigantic] it is, [five feet
      wide|taller than {childo}|as big as a sofa], [we have no storage for that|it had to go].
    - [The buttons are too tiny|Everything is too small|It is undersized] even for [a
      toddler's|the smallest] fingers, [a miniature|four inches tall|useless at this size].""",
    bad="""
    - It is [a good deal|quite a bit|noticeably] smaller than [the picture suggests|I
      imagined|it looks online], only about [six|seven|eight] inches [tall|wide].
    - It is [too bulky|too wide|rather oversized] for [our shelf|the closet|{child's} room], so
      [storage is a problem|it stands in the way].
    - The size is [awkward|off|not right], [too big for a lap|too small for two kids|too tall
      for the table] and [not easy to carry|hard to store].
    - I [expected|wanted|hoped for] something [bigger|more compact|a few inches smaller], this
      is [hard to place|not what the page says].
    - For {childo} it is [a bit too small|rather too big|too tall and too wide], and [it does
      not go in a backpack|the footprint is larger than I thought].
    - [Measure|Do measure] your [shelf|closet|table] first, it is [bulkier|wider|inches taller]
      than [the page says|one would think], [and hard to store|we had to move things].
    - The [seat|base|handle] is [too narrow|too small|too wide] for {childo}, [a size up would
      be better|two more inches would help|the size was misjudged].
    - I [would call it|find it] [small|tiny|undersized] for [the age|its class], [the picture
      makes it look big|{child} has outgrown the size|hardly eight inches].""",
    mixed="""
    - The size is [acceptable|all right|a compromise], [big enough for one|a bit bulky but
      light|small but not tiny], [though two more inches would be nice|though it barely fits the
      shelf].
    - It is [smaller|bigger] than [I thought|expected], which [helps with storage|suits the
      shelf] but [makes it awkward to share|makes it awkward to hold].
    - [Compact when folded|Small enough to store], yet [rather wide|quite tall|bulky] once [it
      is set up|opened], so [measure first|mind the footprint].
    - At [nine|ten|eleven] inches it is [neither big nor small|middling in size], [fine for
      now|just about right for {childo}|a little wide for a lap].
    - It [just fits|barely fits] [the shelf|our closet|a backpack], [an inch more and it would
      not|so the size is borderline].
    - The [height|width] is [good|right], the [width|depth] is [not|too much|a bit bulky], so
      [it half fits the shelf|storage takes some thought].
    - [Too big for travel|Too wide for a backpack], [too small for two|a bit small for the
      floor], [in between sizes|a middling size], but [we manage|{child} does not mind].
    - [My first thought was|We all said] that it is [small|bulky|smaller than hoped], [but by
      now the size is okay|but a few inches do not matter|though it does suit the shelf].""",
    good="""
    - It is a [good|handy|sensible] size, about [nine|ten|twelve] inches [tall|wide], and [fits
      the shelf|goes in a backpack|sits well on a lap].
    - [Compact enough|Small enough] to [take along|carry around|put away], [big enough|wide
      enough] to [share|use comfortably|sit around].
    - It is a bit [bigger|more compact] than [I expected|the picture suggests], which [is
      welcome|suits us|works well for {childo}].
    - The size [works|is right|suits us] [for {child's} room|in our apartment|for travel], and
      [storage|finding shelf space] is [easy|no problem].
    - [Neither bulky nor tiny|Not too big and not too small], it [fits in the closet|fits under
      the bed|has a modest footprint].
    - {child} can [reach everything|carry it|hold it], [the size is well chosen|it is not too
      bulky|compact as it is], and it [goes on the shelf|needs little storage].
    - [About a foot|Eleven inches|Thirteen inches] [tall|wide], [as stated|a good size|no bigger
      than needed], so it [fits our closet|is easily stored|does not crowd the room].
    - The size [surprised me|was a pleasant surprise], [a few inches bigger|more compact] than
      [others|the old one], and [right for a lap|handy on trips|not bulky].""",
    very_good="""
    - It is [exactly|just] the right size, [small enough for a backpack|big enough to
      share|compact but not tiny], and [has its own spot on the shelf|storage is effortless].
    - The size is [perfect|ideal|spot on] for {childo}: [easy to carry|right for a lap|every
      inch well used] and [still compact|never bulky].
    - It is [much|so much|far] bigger than [I dared hope|the picture suggests], [a full sixteen
      inches tall|nearly two feet wide], and [impressive on the shelf|still easy to store].
    - It folds down to [a compact ten inches|the size of a book|a tiny footprint], which is
      [brilliant|wonderful|ideal] for [a narrow hallway|our closet|storage under the bed].
    - [Somebody|Someone] [thought hard about the size|got the size just right|knows all about
      size]: [big buttons|wide grips], [compact body|small base], [no bulky corners|not an inch
      too tall].
    - [Big|Wide|Tall] where [it matters|kids need it], [compact|small|narrow] where [space is
      short|it is stored], the [cleverest|best] size [around|I know of].
    - It is [the perfect size|just the size] [for {childo}|for a small apartment|to take
      anywhere], [slides under the bed|goes in any backpack|leaves room on the shelf].
    - [Huge|Gigantic, in a good way,|So big]: [three feet tall|it fills the window|as tall as
      {childo}], and yet [it folds to a few inches|storage is simple|not bulky].""")
