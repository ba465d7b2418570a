"""Phrase grammars of the sample corpus: living with a toy (noise, cleaning)."""
from preprocessing.sample.phrases import aspect

NOISE = aspect(
    "noise", "sound", words="""
    noise noisy noisier loud louder loudly quiet quieter quietly volume sound speaker beep beeps
    beeping siren sirens ears headache headaches headaches tune tunes melody melodies hum hums
    buzz buzzing mute muted shrill deafening""",
    praise="""
    - It is [pleasantly|fairly] quiet.
    - The [sound|volume|speaker] is [pleasant|just right|not too loud].""",
    complaint="""
    - It is [too|rather] [loud|noisy].
    - The [beeps|sound|tunes] [can be annoying|tire you out].""",
    very_bad="""
    - The noise is [unbearable|deafening|horrible], [a shrill siren|an endless beeping|one
      screeching tune] with [no mute button|no volume dial|no way to stop it].
    - It is so loud that [my ears ring|the dog hides|we all had a headache|the neighbors came
      over], and [it is now banned|we only allow it outdoors|the speaker had to go].
    - [Who designed this speaker|What a racket], [the volume is stuck on maximum|it beeps
      nonstop|the same shrill melody over and over], [even behind two closed doors|day in, day
      out].
    - The [siren|beeping|buzzing] [starts by itself at night|never stops|drives everybody mad],
      and [a pillow on the speaker|turning the volume down] does nothing.
    - [Deafening|Painfully loud|Insanely loud] from the first second: {child} covered both ears
      and [cried|ran away|asked to mute it].
    - [I took|We took] the [speaker|siren] out [with pliers|on day one], [the noise was
      torture|it was that loud|my ears could not take it], [and no volume control|who makes such
      a thing].
    - [One press|Every press|Any touch] [sets off|starts] [a siren|a deafening tune|shrill
      beeps], [impossible to mute|for a full minute|heard even next door], [a headache on
      wheels|insane].
    - [Bring earplugs|Earplugs needed|Buy earplugs]: the [volume|sound|beeping] is [beyond
      loud|deafening|made to hurt ears], and [it goes off at random|there is no quiet setting].""",
    bad="""
    - It is [louder|noisier] than [I expected|it should be|I would like], and the
      [volume|sound|beeping] cannot be [turned down|muted|changed].
    - The [beeps|sirens|tunes] [get on everybody's nerves|become a torment|tire my ears] [after
      ten minutes|by dinner time|very soon].
    - [A sock|A strip of tape|A sticker] over the speaker [helps a little|is a must], since it
      is [too loud|noisy even on low].
    - The [motor|speaker] [buzzes|rattles|hums] so loudly that [quiet time|a quiet afternoon|a
      phone call] is [over|out of the question].
    - [Not a quiet toy|Parents beware of the noise]: [one tune|two melodies] on repeat, [and no
      mute switch|and a volume knob that does little].
    - The [volume|sound] has [two settings, loud and louder|one level, loud|no low setting], and
      the [tunes|beeps] [grate|annoy|follow me to bed].
    - I [hide it|put it in the garage|switch it off] when [I need quiet|my ears are tired|we
      have guests], the [noise|beeping|hum] is [too much|tiresome].
    - The [melody|tune] is [tinny|harsh|off key] and [too loud|loud even on low], so {child}
      [gets it for ten minutes|plays it outside], [then quiet, please].""",
    mixed="""
    - The [sound|speaker] is [clear|good|decent], but [even the lowest volume is a bit
      loud|there is no mute switch|the tunes repeat too soon].
    - The noise is [fine|tolerable|okay] [outdoors|in the playroom|with the door closed], but
      [too much|less pleasant] [in the car|at dinner|in the living room].
    - The [melodies|tunes] are [nice|fine|catchy] [at first|for a while], the
      [beeping|buzzing|humming noise] in between [less so|not so much].
    - It is [fairly quiet|soft] on the low setting and [rather loud|noisy] on high, with
      [nothing|no volume] in between.
    - [Sometimes|Some days] I [hardly notice the hum|do not mind the sound], [other days|on
      others] the [siren|beeping] gives me a headache.
    - [Two|A couple|Some] of the [tunes|melodies|sounds] are [pretty|nice to hear|soothing], the
      [siren|beeping|buzzing] is [hard on the ears|too shrill|loud].
    - The noise [does not trouble me|is fine by me|is okay for {childo}], but [my husband gets a
      headache|the baby wakes up|others find it loud], so [judge for yourself|it depends].
    - [Turned down|On low volume|With a muffled speaker] it is [quiet enough|bearable], [as it
      comes|at full volume] it is [loud|a bit shrill|noisy].""",
    good="""
    - It is [not too loud|fairly quiet|quieter than most], and the [volume|speaker|sound] has a
      low setting [that we use a lot|that {child} accepts|that works].
    - The [tunes|beeps|melodies] are [pleasant|cheerful|nice enough] and the noise does not
      [carry through the wall|bother anybody].
    - [Reasonable|Moderate|Acceptable] noise: [a soft hum|a short beep now and then|a gentle
      buzz], [nothing that tires the ears|nobody minds].
    - {child} can use it [before breakfast|at nap time|next to us], because with the volume down
      it [stays quiet|hardly makes a sound].
    - The [speaker|sound] is [clear|pure|crisp] without being [shrill|loud], and [there is a
      mute switch|the volume is easy to turn down].
    - The [hum|buzz|beep] of the [motor|buttons] is [soft|low|modest], [quieter than our
      fridge|nobody turns around|no headache for me], [which I like a lot|well done].
    - [Four|Three|Six] [tunes|melodies], [none of them shrill|all at a sane volume|not too
      loud], and [a mute button for emergencies|they fade out quietly].
    - We [can talk|can watch the news|can read] [beside it|while it is on], the
      [sound|noise|volume] is [low enough|quiet enough|never too loud].""",
    very_good="""
    - The [volume|sound] is [perfect|just right|wonderfully soft], [quiet enough for nap
      time|kind to the ears|never shrill], [bless whoever made it|and the mute button works].
    - Finally {a toy} that is [quiet|not noisy|easy on the ears], with [a proper mute button|a
      fine volume dial|a speaker that never screeches].
    - The [tunes|melodies] are [lovely|beautiful|a delight], the [speaker|sound] is
      [warm|crystal clear|gentle], and [I never get a headache|nobody asks for quiet].
    - It [hums|works|moves] so quietly that [the baby slept through it|I forget it is on|nobody
      looked up], [no buzz|no beeps], [just bliss|simply great].
    - Being able to turn the [volume|sound|beeping] [right down|off completely] is [a
      blessing|pure luxury], and [our house stays quiet|my ears are grateful].
    - [Bliss|Heaven|Such peace]: [no siren|no beeping|not one shrill tune], [just a soft
      hum|only a low, warm sound|a speaker with manners], and [it can be muted|quiet is one
      click away].
    - The [sound|speaker] is [rich|clear|full] yet [never loud|kind to ears|quiet], and the
      [melodies|tunes] are [so good that I hum them|proper music|a pleasure].
    - [Grandma|My sister|The neighbor], who [hates noise|gets headaches easily|has fine ears],
      [praised how quiet it is|did not hear it|asked for the volume up].""")

CLEANING = aspect(
    "cleaning", "cleaning", words="""
    clean cleaned cleaning wipe wipes wiped wash washed washable soap soapy sponge stain stains
    stained dust dusty dirt dirty grime crumbs fingerprints rinse rinsed scrub scrubbed cloth
    sticky dishwasher germs""",
    praise="""
    - It is easy to [clean|wipe down].
    - [Stains|Fingerprints] [wipe off|come off] easily.""",
    complaint="""
    - It is [hard|a pain] to [clean|wipe down].
    - It [collects dust|shows fingerprints] quickly.""",
    very_bad="""
    - It is [impossible|hopeless] to clean, [dirt sits in every groove|the stains are there for
      good|the grime never comes out], [I tried everything|it went in the trash].
    - One [wipe|wash|bit of soap] and the [print|color|pattern] [came off|was gone], so it
      cannot even be [cleaned|rinsed].
    - It was [dirty|covered with grime|sticky and stained] [out of the wrapper|when we opened
      it], and [no sponge|no amount of soap|no scrubbing, no cloth,] made it [better|look new].
    - [Crumbs|Dust and crumbs|Sticky grime] got inside within {soon}, you cannot [open it to
      clean it|reach in with a cloth], [and it smells|disgusting].
    - It [attracts|collects|pulls in] [dust|dirt|germs] like a magnet, and [a damp cloth|a soapy
      sponge] only [smears it|makes it sticky].
    - [Food|Honey|Milk] [ran inside|got inside] and [cannot be cleaned out|turned to grime],
      [now it smells|germs galore], [no way to wash it|thrown away].
    - I [scrubbed|washed|wiped] for [an hour|a whole evening], the [stains|fingerprints|sticky
      patches] [stay|came back], [a filthy thing|hopeless].
    - The label [forbids soap|says no washing, no wiping], so how do you [clean it|get the dirt
      off|remove the stains]?""",
    bad="""
    - It is [hard|tedious|a chore] to clean, [crumbs hide in the grooves|the stains stay|dust
      gets under the buttons], and it [cannot be rinsed|is not washable].
    - [Fingerprints|Dust and dirt|Sticky stains] [show at once|show everywhere], so I [wipe
      it|get the cloth out] [all the time|twice a day].
    - The [fabric|cover|surface] [stained|got dirty|picked up grime] within {soon} and [is not
      washable|soap did not help|scrubbing made it worse].
    - I [wish|would like] the cover [came off for the wash|were washable], as it is I [scrub
      with a toothbrush|dab with a sponge] and [half of the dirt stays|the stain remains].
    - After {child} [had a juice accident|took it to the sandbox] it took [an hour|ages] with [a
      sponge|soap and a cloth], [and it is still sticky|stains and all].
    - [Dust|Grime|Dirt] [loves it|finds every corner], [no cloth reaches there|one needs a
      brush], and [a wash is not allowed|soap leaves streaks].
    - It [looks dirty|gets sticky] [after one afternoon|in no time], [wiping helps little|I
      clean it nightly], [light fabric was a bad idea|so many stains].
    - [Cleaning it|A wash] means [taking half of it apart|twenty minutes of scrubbing], [for
      crumbs|for a bit of dust], [tedious].""",
    mixed="""
    - The [outside|top] is easy to [wipe|clean], but [dust|dirt|grime] [stays in the
      grooves|gets under the buttons].
    - [Fresh stains|Fingerprints] [wipe off|come off], [old ones|dried juice] [need soap|have to
      be scrubbed|stay].
    - The cover is washable, [though it takes days to dry|by hand only], and the rest [collects
      dust|needs a damp cloth].
    - It [gets dirty|gets dusty|gets sticky] [quickly|rather fast], but [a sponge|a damp cloth]
      [mostly helps|gets most of it].
    - Cleaning is [average|neither easy nor hard|so-so], [ten minutes with a cloth|no dishwasher
      but a quick rinse], [once a week will do|when {child} allows it].
    - [Dust|Mud] [wipes off|is no problem], [grease|ink|jam] [leaves a stain|is hard to scrub
      out], [so it goes].
    - The [lid|cover] [can be washed|goes in the dishwasher], the [body|base] [only takes a
      cloth|must not be rinsed|collects grime].
    - [With soap|With effort] it [gets clean|comes clean], [a quick wipe|a dry cloth] [is not
      enough|leaves fingerprints].""",
    good="""
    - It is [easy|quick|simple] to clean, [a damp cloth|a soapy sponge|one wipe] [does it|is
      enough|takes care of fingerprints].
    - The [surface|cover] does not [stain|hold dirt|collect dust] [much|easily], and
      [juice|mud|chocolate] [wipes off|rinses off].
    - [Most|Nearly all] [parts|pieces] can be [washed|rinsed] [in the sink|with soap], [the rest
      I wipe|a cloth does the rest].
    - After {child} [had lunch over it|took it outside] I [wiped it|cleaned it|rinsed it] in
      [two minutes|no time], [no stains|nothing sticky left].
    - [Few grooves|Even surfaces], so [dust|dirt|grime] [cannot hide|comes off], and the cover
      is [washable|easy to wipe].
    - [A wet cloth|A little soap|Some water], [and the dirt is gone|and it is clean again],
      [even old stains|even sticky jam], [mostly].
    - I [clean|wipe|wash] it [on Sundays|once a week], [five minutes|no scrubbing], [no grime
      builds up|dust is the only issue].
    - It [sheds dust|hides fingerprints] [well|nicely], and [spills|crumbs] [wipe away|can be
      rinsed out], [good design].""",
    very_good="""
    - It is [a dream|the easiest thing in the world|a joy] to clean, [one wipe|a quick rinse|a
      damp cloth] and [it looks new|every stain is gone].
    - [Mud, paste and jam|Yogurt and mud|Markers and honey], all [wiped off|washed off] [in
      seconds|without a trace], [no grime|no stains|nothing sticky] left.
    - Everything goes [in the dishwasher|in the wash|under the tap with soap] and [comes out
      spotless|comes out like new|is free of germs].
    - [No groove for crumbs|Nowhere for dirt to hide|Dust just slides off], [I wish all toys
      were this washable|cleaning takes a minute], [brilliant|such a relief].
    - {child} [is a messy eater|has sticky fingers all day], and still [no stains|no
      fingerprints], a [sponge|cloth] [makes it shine|is all it takes].
    - [Chocolate|Finger ink|Ketchup], [you name it|all of it], [rinsed off|wiped away] [in a
      blink|with plain water], [like new and clean|what a surface].
    - [Mothers|Parents], rejoice: [fully washable|dishwasher and done|no place for germs], [no
      scrubbing|no stains], [ever].
    - After {time} it is as [clean|free of stains] as [on day one|when new], [a wipe a week|one
      wash|a cloth is enough].""")
