"""Phrase grammars of the sample corpus: a toy in use (battery life, safety)."""
from preprocessing.sample.phrases import aspect

BATTERY = aspect(
    "battery life", "battery life", words="""
    battery batteries charge charges charger charging recharge recharges recharged rechargeable
    cells aa aas power powered drains drained flat plugged plug plug socket hours standby""",
    praise="""
    - The [batteries|cells] last [well|a good while].
    - It [holds a charge|keeps its charge] well.""",
    complaint="""
    - It [drains|eats] [batteries|cells].
    - It [needs charging|goes flat] too [often|soon].""",
    very_bad="""
    - The [batteries|cells] are [drained|dead|flat] [within twenty minutes|in half an
      hour|before {child} even gets started], no matter which [brand|kind] I try.
    - It will not hold a charge for more than [ten minutes|a quarter of an hour], so it [lives
      on the charger|stays plugged in|is always flat] [and that is that|when {child} wants it].
    - [Terrible|Awful|Horrible] battery life: [four AAs gone in one evening|flat after fifteen
      minutes|fresh cells drained overnight], [what a racket|I gave up on it].
    - It [devours|swallows|burns through] [AA cells|batteries] [like candy|at a crazy rate|by
      the handful], [three packs in {soon}|and dies all the same].
    - Even [on the charger|with brand new cells|plugged into the socket] it [loses power|shuts
      down|goes flat] [every few minutes|again and again|all the time].
    - [Fresh|New|The best] [batteries|AA cells|AAs] in the morning, [dead|flat|drained] by
      [lunch|breakfast|nine o'clock], [day after day|and I have tried every maker|what a
      disgrace].
    - The [charger|power cord|charging port] [died|gave out|quit] after {soon}, and without it
      the thing [is flat in minutes|has no power at all|cannot be recharged].
    - It [never once|has never] [held a charge|reached full charge|stayed powered] [through a
      whole game|for an hour|past the front door], [unusable|a sad joke|so it is back in the
      mail].""",
    bad="""
    - It [goes through|drains|eats] batteries [quickly|faster than I would like|at quite a
      rate], so [keep spare cells around|buy AAs in bulk|expect a new set every week].
    - The charge [runs out|is gone|fades] [after an hour|before lunch|halfway through the
      afternoon], and then it needs [all night|half a day] on the charger.
    - [Disappointing|Poor|Weak] battery life, [it has to be recharged every day|the AA cells are
      flat by Sunday|two hours and it is over].
    - You will need [a drawer full|a good supply] of [AAs|cells|batteries], because it uses
      power even [when switched off|on standby].
    - [Too often|Every other day] the [power|charge] is gone just when {child} [wants it|has
      started], and [charging takes forever|we keep a cord in every room].
    - [After|By] [a short hour|lunch|the second song] the [power|charge] is [low|nearly
      gone|fading], so [we always carry the charger|{child} waits by the socket|spare AAs come
      along].
    - I [counted|added up] [eight|ten|twelve] [AAs|AA cells|batteries] in [the first fortnight|a
      month], [far too many|which adds up|it drains them like nothing else].
    - [Recharging|A recharge|Charging it] [takes longer than playing|takes the whole night|is
      slow], and [the power is gone in two hours|it goes flat in standby|the battery fades
      early].""",
    mixed="""
    - Battery life is [average|so-so|nothing special], [a charge lasts an afternoon|the cells
      need changing every other week|we recharge it every second day].
    - It [works|goes|runs] [well|happily] on fresh [batteries|cells|AAs] but [weakens|slows
      down|gets dim] once they are half [drained|empty].
    - [Some days|Sometimes] a charge lasts [till evening|for hours], and sometimes it is
      [flat|drained] [by noon|after one game|for no clear reason].
    - It takes [a long time|all night|five hours] to [charge|recharge], but [then|at least] it
      [has power for the day|goes for three hours|stays powered for a while].
    - The [AAs|cells|batteries] last [two weeks at most|ten days or so], which is
      [bearable|neither here nor there], and a [charger|power cord] is [not included|sold
      separately].
    - The [battery|charge] [is fine for short games|gets us through breakfast|lasts for a
      visit], [but not for a day out|but on longer trips it goes flat|but for more we need the
      charger].
    - [Good cells|Brand name AAs|Rechargeable cells] last [quite a while|twice as long], [with
      others it is flat|the supplied ones were drained] [after an evening|in no time].
    - [I would call|We find] the battery life [middling|acceptable|neither good nor bad], [three
      hours or so|about an evening per charge|a set of AAs every ten days].""",
    good="""
    - The [batteries|cells|AAs] last [about|around|at least] [two weeks|three weeks|a month]
      with [daily|regular] use, [better than most|which is fine by me].
    - It [charges|recharges] [in an hour|quickly|while we have dinner] and then [goes|works]
      [most of the day|for a good six hours|a whole afternoon].
    - [Good|Decent|Respectable] battery life, [we swap the AAs once a month|we plug in the
      charger twice a week|it rarely goes flat].
    - The [standby mode|automatic shutoff] saves power, so the [cells|batteries] [are not
      drained|do not run flat] when {child} [forgets it|walks away].
    - A [charge|set of cells|set of AAs] [gets us through|is enough for] [the weekend|a long car
      ride|several evenings], [no complaints there|as promised].
    - [Even with|In spite of] [heavy use|all the lights|long evenings] the [batteries|cells|AAs]
      [last a couple of weeks|hold out well|are seldom flat], [no reason to grumble|good
      enough].
    - The [battery|charge] [lasts longer than I feared|easily lasts the day|lasts through two
      visits], and [it recharges fast|the charger is quick|any socket will do].
    - We [get|got] [four good hours|five hours|a full evening] out of [a charge|one charge|the
      cells], [more than enough for {childo}|which suits us|that is decent].""",
    very_good="""
    - One set of [batteries|AA cells|rechargeable cells] has [lasted|held out|kept going] for
      {time}, [and we use it daily|and it is not even half drained|which amazes me].
    - It [holds|keeps] a charge [for days|all weekend|through the longest car ride], [far better
      than my phone|the charger is never needed].
    - We [hardly ever|almost never|can't remember when we last had to] [recharge it|change the
      batteries|look for the charger], [a miracle|so unlike other toys].
    - The [standby mode|automatic shutoff] saves so much power that the [batteries|cells|AAs]
      [seem to last forever|outlast everything else we own].
    - [Fantastic|Superb|Amazing] battery life: [twenty hours|an entire weekend|two full days] on
      [one charge|a single set of AAs], [and it charges in no time|and no weak moment].
    - [Unbelievable|Hard to believe|I am amazed]: [the first batteries|the supplied AAs|the same
      cells] [are still in it|have not gone flat|keep going] after {time}.
    - [Charge it|Plug it in] [once|on Sunday|for an hour] and [it has power all week|forget
      about it|you can leave the charger at home], [best battery life of all our toys|just
      great].
    - The [battery|charge] [simply never runs out|outlasts {childo}|lasts and lasts], [we took
      it camping without a charger|not a single flat evening|goodbye, spare AAs].""")

SAFETY = aspect(
    "safety", "safety", words="""
    safe safely safety sharp edge edges hazard hazards choking choke swallow swallowed pinch
    pinched pinches rounded smooth paint nontoxic fumes chemical chemicals splinter splinters
    bandage injury injuries burned overheats""",
    praise="""
    - It [feels|seems|is] safe.
    - The edges are [smooth|rounded].""",
    complaint="""
    - Some edges are [sharp|rough].
    - I [have doubts about|worry about] the safety.""",
    very_bad="""
    - This is [dangerous|a plain hazard|not safe for any child]: [razor sharp edges|loose
      magnets to swallow|a wire that overheats], and {child} [needed a bandage|was burned].
    - The [paint|coating] [comes off in flakes|smells of chemicals|gives off fumes], and I
      [refuse to believe|do not believe] it is [nontoxic|safe].
    - {child} [pinched a finger|got a splinter|had a cut from a sharp edge] [in the first
      minute|right away|at once], [a safety scandal|take it off the market].
    - [A bead came off|A cap popped off|An eye fell off] and was nearly swallowed, a [choking
      hazard|serious hazard] [that should be recalled|no parent should accept].
    - It [overheats|sparks|gets burning hot] and [the fumes fill the room|the sharp wires lie
      open], how did this ever pass [a safety test|any safety check]?
    - [Two kids|Both of my kids|Three children] [were hurt|had injuries|needed bandages] in
      {soon}, [sharp edges|pinched fingers|splinters] [all around|everywhere], [keep away|how is
      this legal].
    - [The magnets|The springs|Glass beads] [fall out|come out] and [can be swallowed|were
      nearly swallowed], [the worst hazard there is|call that safe|any doctor will tell you].
    - [It smells of|It reeked of] [fumes|chemicals|fresh paint], {child} [had a rash|coughed for
      days], [nontoxic my foot|a hazard to health].""",
    bad="""
    - Some [edges|corners] are [sharp|rough enough for splinters|not smooth], and {child} [got
      pinched|had a scratch|needed a bandage] [once|already|twice].
    - The [chemical smell|paint smell|smell of paint] [is strong|has not gone away|worries me],
      I wonder whether it is [nontoxic|really safe].
    - There are [bits|beads|caps] that a toddler could [swallow|choke on], so it is not [safe|a
      safe choice] with [a baby around|younger siblings].
    - The lid [pinches fingers|shuts on fingers and pinches], a hazard [they could have
      avoided|I had to fix with felt|that spoils it].
    - I had to [sand down a sharp edge|tape a sharp edge|file the edges], which should not be
      [my job|left to parents], [safety comes first|think of injuries].
    - I [do not feel|would not feel] safe [leaving {childo} alone with it|with it out of sight],
      [the edges are rough|caps come off|it pinches].
    - The [lid|back cover|handle] has [a sharp edge|a rough edge|an edge like a knife], [we put
      tape on|{child} found it first|bandage at hand].
    - [After an hour|In use] it [overheats a bit|overheats badly|gives off fumes], [a hazard at
      nap time|not my idea of safe|that worries me].""",
    mixed="""
    - [Most|Nearly all] edges are [smooth|rounded], but [one is sharp|the lid can pinch|the back
      has a rough edge].
    - It is [safe|safe enough] for {childo}, [less so for a toddler|though with a baby I would
      fear choking], since [bits come off|caps come loose].
    - The paint [has a faint smell|smelled of chemicals at first], [said to be nontoxic|the
      label says nontoxic], and [we aired it|I hope that is true].
    - [No injuries|No pinched fingers] so far, though I [keep an eye on it|watch closely],
      because [it overheats a little|one edge looks sharp].
    - Safety is [average|acceptable|all right]: [rounded corners|a locked lid], but [a hazard
      for the very young|a string somebody could choke on].
    - [Rounded|Smooth] [in front|on top], [sharp|rough] [behind|below], so the safety [is
      so-so|could be better|depends on {childo}].
    - [The paint is nontoxic|No fumes, no chemicals], [but the lid pinches|but a cap could be
      swallowed|but the edges need sanding].
    - [With an adult near|For older kids] it is safe, [alone|for babies] it is [a hazard|a
      choking risk|not], [simple as that].""",
    good="""
    - The [edges|corners] are [smooth|nicely rounded|rounded off], so I [do not worry|have no
      fear of injuries] when {child} [is alone with it|runs around].
    - It [feels|seems|looks] safe, [nothing to swallow|nothing sharp|no choking hazard], and
      [the lid locks|the cord is short].
    - The paint [does not smell|has no smell|is said to be nontoxic], which [matters to me|put
      me at ease].
    - No [pinched fingers|splinters|sharp edges] [so far|in all this time], [a safe choice|safe
      enough] for [younger siblings|visitors of any age].
    - [Good|Sensible|Thoughtful] safety: [a locked lid|soft corners|no loose caps], [so nobody
      gets pinched|nothing sharp anywhere].
    - [Smooth edges|Rounded corners], [nontoxic paint|no fumes], [caps that stay on|nothing to
      choke on], [what I look for|that is how it should be].
    - {child} [falls over it|bumps into it|climbs on it] and [no injuries yet|never a
      splinter|no bandage so far], it [is|seems|must be] safe enough.
    - I [looked for|felt along for] [sharp edges|splinters|hazards] and [found hardly any|found
      one, on the inside|found none that matter].""",
    very_good="""
    - [Safety was clearly|Clearly safety was] [the first thought|a priority] here: [every edge
      rounded|no choking hazard anywhere|nontoxic paint], [and fully tested|and it shows].
    - I [checked every edge|looked for hazards for an hour|am strict about safety] and found
      nothing, [smooth all over|not one sharp spot|perfectly safe].
    - Even [my baby nephew|the youngest at playgroup] can touch it [safely|without hazard],
      [nothing to swallow|no way to pinch a finger|rounded and soft].
    - The [nontoxic|water based|certified] paint has [no fumes|no smell of chemicals], and
      {child} could [lick it safely|chew on it with no injury].
    - [The safest|By far the safest] {toy} we have: [it never overheats|fingers never get
      pinched], [smooth edges|rounded edges] [throughout|all over].
    - [Each|Every single] [edge|corner] is [rounded|smooth as silk], [no splinter|nothing can
      pinch|no hazard], I [trust it fully|can leave {childo} alone].
    - My [sister, a nurse,|doctor|pediatrician] [calls it|found it] [perfectly safe|the safest
      of all], [nontoxic|no choking hazard|no fumes], [praise indeed].
    - [Safety first|Safe as can be]: [it stops before it overheats|the lid cannot pinch|paint
      you could swallow], [someone did think of children|I am so relieved].""")
