"""Phrase grammars of the sample corpus: how a toy is built (durability, assembly)."""
from preprocessing.sample.phrases import aspect

DURABILITY = aspect(
    "durability", "build quality", words="""
    sturdy sturdiest solid solidly tough brittle flimsy fragile plastic casing frame hinge
    hinges joint joints bump seam seams crack cracks cracked snapped broke broken dent dents
    bent glue drop drops dropped wear worn chipped indestructible unbreakable""",
    praise="""
    - It [feels|is|seems] [sturdy|solid|tough|well made and solid].
    - The [hinges|joints|seams] [look|feel] [solid|strong|firm].""",
    complaint="""
    - It [feels|is|seems] [flimsy|fragile|brittle].
    - The [hinges|joints|seams] [look|feel] [flimsy|weak|brittle].""",
    very_bad="""
    - It [broke|snapped apart|cracked right through|fell to pieces, broken beyond repair,]
      within {soon}, and [no glue would hold it|glue could not save it|the frame is bent for
      good].
    - [The first|A single|One harmless] [drop|fall|bump] and the [casing|frame|plastic] was
      [broken|cracked from end to end|in four pieces], [which is ridiculous|which says it all].
    - [Terribly|Incredibly|Unbelievably] [flimsy|fragile]: the [hinges|joints|seams]
      [snapped|broke|came apart] [the first afternoon|before we had even started|with no force
      at all].
    - The [plastic|casing|frame] is [as brittle as glass|thinner than a yogurt cup|flimsy beyond
      belief], and [pieces chipped off|it cracked|it broke] [all by itself|under no load at
      all|on the carpet].
    - It is [broken|in the bin, broken,|beyond repair, cracked] after {soon}, and {child} was
      [not even rough with it|as careful as can be|only sitting next to it].
    - [Nothing|Not one thing|No part] about it is [solid|sturdy|tough], the [frame|casing|main
      joint] [gave way|cracked|bent double|broke] [under its own weight|when I picked it
      up|during the first race|in my hands].
    - [Ours|The second one, a replacement,|Like the last one, ours] [broke|cracked|snapped] [at
      the same hinge|along the seam|where the joints meet] [within a day|almost at once|before
      the weekend], [bad design|hopeless plastic].
    - We have [thrown it out|given up on it|stopped gluing], [three broken hinges|a cracked
      casing|seams split open] and [more dents than I can name|splits all over|loose bits
      everywhere] after {soon}.""",
    bad="""
    - The [hinges|joints|seams|corners] [are|feel|look] [flimsy|brittle|fragile], and [one has
      already cracked|one of them snapped|one is worn out] after {soon}.
    - [A short fall|One drop|An ordinary bump] [left a crack in the casing|bent the
      frame|chipped a corner], so I would not [call it sturdy|trust the plastic].
    - I [have already had to|had to|keep having to] glue [a hinge|a corner|the casing], because
      the plastic is [too thin|rather brittle|not up to it].
    - After {time} [there are dents and cracks everywhere|the frame is bent|the hinges are worn
      loose], [so it will not last|which is earlier than it should].
    - For [something made for kids|{a toy}] it is [rather|quite|too] fragile, and [normal
      play|{child's} gentle play|one trip to the park] [chipped it|left it cracked|loosened the
      joints].
    - The [plastic|casing|frame] [bends|gives|creaks] when [you lean on it|{child} grips it|you
      lift it], and [a crack is growing|a seam has opened|the joints are loose already].
    - It [would be|might be] fine [behind glass|for a careful adult|on a pillow], but [one
      drop|a bump|a few drops] and [a hinge broke|the corner chipped|there was a nasty crack].
    - [Expect|Be prepared for] [dents|broken hinges|a bit of gluing] [within a season|sooner
      than you think|early on], the [build|plastic|frame] is [on the flimsy side|not
      solid|simply brittle].""",
    mixed="""
    - The [frame|casing|base] is [sturdy|solid|tough], but the [hinges|joints|corners]
      [feel|are|look] [flimsy|brittle|a bit fragile].
    - It has not [broken|cracked|snapped] yet, though [a hinge is getting loose|one seam is
      opening up|the plastic shows some wear] after {time}.
    - It [survives|takes|forgives] [a gentle drop|an ordinary bump|normal wear], but I would not
      [let it fall on tiles|stand on it|test the joints any harder].
    - Half of it is [tough|solid|sturdy] [plastic|material], the other half [looks brittle|is
      rather flimsy|already has a dent].
    - [Neither sturdy nor fragile|Middling build], with [a few dents|some wear|one chipped
      corner] but nothing [broken|bent] so far.
    - After {time} the [frame|casing] is [fine|still solid|as sturdy as before], while [two
      hinges are worn|the seams show cracks|the joints have come loose].
    - [For careful kids|With gentle hands|On carpet] it is [sturdy enough|solid enough|tough
      enough], [in other hands|in rough hands|on tiles] [it would be bent soon|I see a crack
      coming|the plastic might chip].
    - The [plastic|casing] has [a dent|a chipped side|a worn patch|a hairline crack], the
      [hinges|joints|seams] [are all right|hold up|have no problem], [so I am in two minds|so it
      evens out].""",
    good="""
    - The [casing|frame|plastic] feels [sturdy|solid|tough], with [only a faint scratch|just one
      dent|hardly any wear] after {time}.
    - It has [been through|come through|taken] [a few drops|several falls|plenty of bumps] and
      [nothing cracked|nothing is broken|only one corner is chipped].
    - [Good|Decent|Strong] plastic and [firm|tight|well made] [hinges|joints|seams], so I expect
      it to [hold up|last|stay in one piece] [for a good while|until {child} outgrows it].
    - So far it [holds up|stands up] well to [rough handling|daily knocks|{child's} rough play],
      [no cracks|nothing bent|no loose joints].
    - It is [sturdy|tough|solid] enough for [everyday use|the playroom|a busy house], and [a
      drop|a tumble] [onto the floor|from the table] did no harm.
    - [One drop|A hard bump|A fall] [down the stairs|off the sofa|from the high chair] [left
      nothing worse than a dent|did not crack it|and nothing broke|only chipped a corner], [to
      my relief|I was surprised].
    - The [joints|hinges|seams] [sit tight|have no play|do not creak], and the [frame|casing] is
      [solid|sturdy|tough] where [it matters|{child} grabs it|others are weak].
    - [I see|There is] [little|hardly any|next to no] wear after {time}, [not flimsy at all|the
      plastic is holding up|the joints are as tight as before].""",
    very_good="""
    - It has been [dropped|kicked|sat on|thrown down the stairs] [daily|a hundred times|more
      than I care to say] and there is not [a crack|a dent|one loose joint] [to be
      seen|anywhere].
    - {child} is [rough with everything|hard on things|anything but gentle], yet after {time}
      nothing has [broken|snapped|cracked|chipped].
    - This is the [sturdiest|toughest|most solidly made] {toy} [we own|in the house|I have come
      across], [practically unbreakable|as good as indestructible|solid as a rock].
    - The [hinges|joints|seams] are [rock solid|still tight|as firm as ever] and the
      [frame|casing|plastic] is [thick|strong|incredibly tough], [made to last|it will outlive
      us all].
    - [Wonderfully|Amazingly|Exceptionally] [sturdy|solid|tough]: [years of wear ahead|no
      brittle plastic|nothing flimsy about it], [and even our dog could not break it|it will
      survive the next two kids].
    - [You could|I swear one could|One could] [drive over it|drop it off the roof|jump on it]
      [without a dent|and not crack it|and the hinges would hold], [that is how solid it is|so
      tough is the frame].
    - After {time} of [hard wear|two wild boys|daily drops] the [plastic|casing|frame] [is like
      new|shows no dent|has not one crack], [truly solid work|simply indestructible].
    - [Finally|At long last] something [sturdy|solid|tough]: [thick plastic|metal hinges|double
      seams|a steel frame], and [nobody has broken it|it has yet to get a dent|drops do not
      bother it].""")

ASSEMBLY = aspect(
    "ease of assembly", "assembly", words="""
    assemble assembled assembling assembly instructions manual screw screws screwdriver bolt
    bolts wrench peg pegs slot slots tab tabs diagrams setup step steps holes allen slotted""",
    praise="""
    - [Assembly|Setup] [was easy|was quick|took no time].
    - The [instructions|diagrams] are [clear|easy to follow].""",
    complaint="""
    - [Assembly|Setup] [was a pain|took ages|was harder than it should be].
    - The [instructions|diagrams] are [confusing|hard to follow].""",
    very_bad="""
    - Assembly was a [nightmare|disaster|complete mess]: [no instructions at all|half of the
      screws missing|holes in the wrong places], and [an entire Saturday|a good part of my life]
      gone.
    - After [half a day|a whole evening] [with the screwdriver|over the manual|of sorting bolts]
      it was still not [assembled|halfway assembled], and I [gave up|nearly cried|sent it back].
    - The manual [is useless|shows another toy|is one blurred page], the [bolts|tabs|pegs] [go
      nowhere|match nothing], and [nobody here|not even my engineer husband] could assemble it.
    - Whoever [wrote the instructions|drew the diagrams] has never [assembled one|held a
      screwdriver], because [step two is impossible|not one slot lines up].
    - [Impossible to assemble|Assembling it is hopeless]: the [tabs|pegs|screws]
      [strip|jam|bend] [at once|the moment you push] and the [holes|slots] are [too tight|not
      even drilled].
    - [Do not even try|I defy anybody] to assemble [this|it] [without an engineering degree|in
      one day|alone], the [instructions are gibberish|bolts do not match|diagrams lie].
    - [Twelve bags of screws|A heap of pegs|Forty unmarked bolts], [no manual|a manual in faint
      print|instructions for something else], and [slots that break|holes that do not exist|tabs
      in the wrong spots], [a cruel joke|never again].
    - [My husband|My brother|A carpenter friend] [lost|wasted] [a day|two evenings] on the
      assembly, [the last bolt fits nothing|step nine undoes step four|in the end the pegs were
      useless].""",
    bad="""
    - The [instructions|diagrams|steps] are [confusing|hard to read|badly translated], and I had
      to [take it apart twice|start over|look for a video].
    - [Several|Some|Two] [screws|bolts|pegs] [were missing|did not line up|kept falling out], so
      assembly took [all evening|half a day|far too long].
    - Assembling it is [a chore|hard work|not for beginners], with [too many screws|tight
      slots|unmarked bolts] and [no clear order of steps|a poor manual].
    - Have [a good screwdriver|your own wrench|plenty of patience] ready, because the
      [holes|slots|tabs] do not [line up|match the diagrams].
    - Setup [dragged on|was slow going|tested my nerves]: [every peg had to be forced|the manual
      skips steps|the bolts all look alike], and [I would not do it twice|{child} had long gone
      to bed].
    - The [holes|slots|tabs] [are slightly off|do not quite meet], so [each screw|every bolt]
      needs [force|a hammer|three tries], [not a happy evening|which makes setup a trial].
    - [Read|Study] the [manual|instructions] [twice|very carefully] before you assemble it,
      [some diagrams are wrong|the steps are out of order|two pages are missing].
    - [Getting it assembled|The setup] [needed two adults|was beyond me|ate up the whole
      morning], [the pegs are stiff|the screws are poor|nothing in the instructions helps].""",
    mixed="""
    - Assembly is [doable|all right|manageable], but [the diagrams are hard to make out|two
      screws were missing|some holes need force|the manual skips a step].
    - The [first half|base] [was assembled|slotted together] in minutes, while the [rest|second
      half] needs [a screwdriver and patience|three hands|a long look at the diagrams].
    - I had it assembled in [an hour|an hour and a half|one evening], with [a few awkward
      bolts|some tight slots|one stubborn peg] on the way.
    - The [instructions|diagrams] are [not the clearest|so-so|neither good nor bad], but with
      [some guessing|a little luck] the [pegs|tabs|bolts] go where they should.
    - [Easy steps|Easy parts of the setup] and [annoying ones|hard ones] [come in turn|are about
      even], and [the wrench helps|you need your own screwdriver].
    - [With|Armed with] [a video and the manual|my own screwdriver|some patience] the assembly
      [went fine|is possible|was bearable], [without it, no way|the enclosed wrench is useless].
    - [Most|Many] steps are [clear|simple|quick], [then comes a diagram|but there is one] that
      [nobody understands|took us half an evening|shows the wrong bolts].
    - The [pegs|bolts|screws] [are good|go in well], the [instructions|diagrams] [are not|let
      you down|could be better], so setup is [a mixed affair|a bit of both].""",
    good="""
    - It was [easy|simple|not hard] to assemble with the [diagrams|instructions|manual], about
      [half an hour|twenty minutes|forty minutes] [in all|from start to finish].
    - [Most|Nearly all] of the [tabs|pegs|bolts|slots] line up [well|nicely], and [one
      screwdriver|the enclosed wrench|an allen key] is all you need.
    - The [instructions|diagrams|steps] [make sense|are easy to follow|are clear enough], only
      [page six|the last page] needed [a second look|two tries].
    - Setup went [smoothly|well|quicker than I feared], [the screws come sorted|every bolt is
      numbered|the slots are marked], which helps.
    - {child} [helped me|helped|wanted to help] with the assembly, and [the pegs went in
      easily|we hardly needed the manual|each step was short].
    - [Two of us|My wife and I|{child} and I] had it assembled [before dinner|in a short
      evening|in under an hour], the [diagrams helped|steps are logical|bolts all fit].
    - [No missing screws|All screws and bolts were there|Every peg was there], [fair
      instructions|a sensible manual|good diagrams], [and only one tricky step|so the assembly
      went well].
    - I am [no handyman|not good with tools], but the [assembly|setup] [was within my
      powers|went all right|did not scare me], [thanks to the diagrams|with one good wrench].""",
    very_good="""
    - [Assembly|Setup] took [ten minutes|five minutes|less time than making coffee], and [no
      screwdriver|not one screw|not even the manual] was needed.
    - The [instructions|diagrams|steps] are [crystal clear|the best I have seen|a joy to
      follow], and [even I|even my mother] had it assembled [in minutes|at the first try].
    - Every [peg|bolt|tab|screw] [slides into place|lines up|goes in] perfectly, so {child}
      could assemble [most of it|nearly all of it] [alone|without me].
    - It [clicks|slides|slots] together [in minutes|like a dream|in no time], [the easiest
      assembly ever|no screws and no cursing|no manual needed].
    - I [usually dread|normally hate|am hopeless at] [assembling things|following
      diagrams|anything with bolts], but this was [a breeze|a pleasure|done before the tea was
      cold].
    - [Out it came|We opened it], [three clicks of the tabs|four pegs|two bolts by hand], and it
      was [assembled|fully assembled|done], [I wish all setup were so easy|no instructions
      needed].
    - [Kudos to|Hats off to|A medal for] whoever [wrote the instructions|drew these
      diagrams|planned the assembly], [every step makes sense|each bolt has a number|the slots
      are colored].
    - {child} [followed the diagrams|read the steps|did the screws] [and assembled it
      unaided|and needed me for one bolt only], [how easy is that|in a quarter of an hour].""")
