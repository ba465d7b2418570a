"""Phrase grammars of the sample corpus: what a toy does for the mind (learning, fun)."""
from preprocessing.sample.phrases import aspect

EDUCATION = aspect(
    "educational value", "learning value", words="""
    educational learn learned learning learns teach teaches teacher letters alphabet numbers
    counting count spell spelling math reading vocabulary facts skills lesson lessons school
    science homework phonics""",
    praise="""
    - It is [quite|nicely] educational.
    - {child} is [learning|picking up] [letters|numbers|new facts] [with it|from it].""",
    complaint="""
    - It is not [very|exactly] educational.
    - It does not teach [much|anything new].""",
    very_bad="""
    - It teaches [nothing at all|absolutely nothing|plain nonsense], [the spelling is wrong|the
      facts are wrong|it cannot even count], [I am speechless|shame on them].
    - They call it [educational|a learning toy], but [half of the letters are missing|the math
      is wrong|the lessons make no sense], and {child} has learned [nothing|only bad habits].
    - The [counting|alphabet|vocabulary] [game|section] is full of [mistakes|wrong answers], a
      [teacher|school] would [throw it out|be horrified].
    - As a teacher I am [appalled|shocked]: [no skills|no lesson|no reading] to speak of, [just
      flashing lights|only colored buttons], [and wrong facts on top|and false numbers].
    - {child} [unlearned the alphabet|mixes up numbers now|repeats false facts] because of it,
      the [opposite of educational|worst lesson ever].
    - [The quiz says|It claims|According to it] that [seven comes before six|a whale is a
      fish|cat is spelled with a k], [so much for facts|some teacher|what a lesson].
    - [Anybody who wants|Parents who want|Those who want] [their kid to learn|good reading
      practice|help with math] should [look elsewhere|run], [it teaches nonsense|the lessons are
      junk|there is nothing to learn].
    - [I took it|We took it] to [school|our teacher], who [found nine spelling mistakes|shook
      her head at the facts|said nobody can learn from it], [end of story|that says it all].""",
    bad="""
    - There is [little|not much|hardly anything] to learn, [the same ten facts|three
      letters|counting to five], and {child} knew [it all|everything] [before|from school].
    - The [lessons|math tasks|reading parts] are [too shallow|too hard|badly explained], so
      {child} [does not learn|learns little] from them.
    - I [hoped for|expected] something [educational|to build reading skills|to practice math],
      but it [only lights up|mostly shows pictures].
    - The [vocabulary|alphabet|science] [part|section] is [thin|poor|over in a minute], not what
      [I call educational|a teacher would pick].
    - As [a learning aid|homework help|an educational gift] it [falls short|disappoints], [few
      new skills|no progress in spelling|hardly a lesson].
    - The [counting|spelling|alphabet] [part|game] [repeats after a minute|has five words|stops
      at ten], [hardly a skill|too little to learn from|not enough for school].
    - {child} [learned|has learned] [next to nothing|one song and no letters|two facts], [I
      blame the lessons|despite all the promises|the reading level is off].
    - It [talks too fast|jumps about|explains too little] for {childo} to [learn the
      letters|follow the math|keep the facts], [a pity|not what a lesson should be].""",
    mixed="""
    - {child} [learned|picked up] [a few letters|some numbers|a handful of facts], but [then the
      lessons repeat|there it stops|the reading part is weak].
    - It is [somewhat|mildly|a little] educational, [good for counting|fine for the alphabet],
      [less so for spelling|not so good for math].
    - The [science|vocabulary|number] [part|section] [teaches well|is useful], the
      [math|spelling|reading] [part|section] is [too easy|hard to follow].
    - [Some lessons|A few lessons] are [clever|well done], [others|the rest] [teach little|are
      below school level], so [a mixed report|average marks].
    - It [practices|repeats] what {child} [learned at school|knows from school], which [does no
      harm|is fine], but there are no new [skills|facts].
    - [Useful|Helpful|Nice] for [the alphabet|first numbers|phonics], [useless|too thin|of
      little help] for [longer reading|older kids' math|science facts].
    - [The idea is educational|It means to teach], the [lessons|facts|spelling games] are
      [uneven|partly good|hit and miss], {child} [learns a bit|picks out the good ones].
    - [A week or two|For a while] {child} [learned new words|was counting everything|recited
      facts], [then the lessons ran out|since then no progress].""",
    good="""
    - {child} is [learning|picking up] [letters|numbers|new vocabulary|science facts] [without
      noticing|along the way|at a good pace].
    - It is [nicely|quite|pleasantly] educational, with [short lessons|counting games|spelling
      games] that [match school|suit the age|get harder slowly].
    - After {time} {child} can [count to fifty|spell short words|name most letters], which
      [pleased the teacher|made us proud].
    - It [teaches|trains|practices] [reading|math|counting|spelling] [in a gentle way|day by
      day], and [the facts are right|homework got easier].
    - A [good|clever|useful] [learning tool|way to learn]: [plenty of facts|new words each
      week|skills for school], [and nobody has to push|no pressure].
    - I like [how it teaches|the way it explains] [letters|numbers|science|spelling], [in short
      lessons|with little rewards|at {child's} pace], and [it works|the skills grow].
    - [These days|Lately|Now] {child} [tells us facts|is reading labels|is counting the
      stairs|is spelling our names], [learned right here|so the lessons stick].
    - [Good|Proper|Well researched] [lessons|facts|vocabulary], [a bit like school|close to what
      school does], and [the math part is best|the reading helps most|counting was quick to
      come].""",
    very_good="""
    - {child} [learned|mastered] [the whole alphabet|counting to a hundred|to spell forty words]
      in {time}, [even the teacher noticed|all from this {toy}].
    - It is the most educational {toy} [we own|I know|in the house], it teaches
      [reading|math|science|vocabulary] [brilliantly|better than school|with plenty of wit].
    - As a teacher I am [impressed|delighted]: [the lessons build on each other|useful
      skills|phonics done right], and [my class wants one|children learn by themselves].
    - [Amazing|Incredible|Astonishing] how much {child} [learns|has learned] from it:
      [letters|numbers|facts], [spelling|math|vocabulary], [every single day|and asks for more].
    - It makes [math|reading|homework|spelling] [a joy|easy|something to look forward to], and
      the [facts|lessons|skills] [really stick|stay in the mind].
    - [In|Within] {time} {child} [went from no letters to reading|learned to count in two
      languages|was ahead in math], [thanks to these lessons|the school asked how].
    - [Facts|Letters|Numbers|New vocabulary] at [breakfast|bedtime|every meal]: {child} [learns
      and learns|cannot stop learning|teaches us now], [what an educational marvel|I am in awe].
    - [The best teacher|A brilliant lesson|Learning at its best], [patient with mistakes|full of
      facts|clever about spelling], and {child's} [reading|math|counting] has [taken
      off|doubled|bloomed].""")

FUN = aspect(
    "fun", "fun", words="""
    fun funny giggle giggles giggling laugh laughs laughed laughing laughter boring bored
    boredom entertained entertaining exciting excited excitement enjoy enjoys favorite yawn
    yawned ignored ignores hilarious addictive imagination dull thrilled""",
    praise="""
    - It is [great|good|plain] fun.
    - {child} [enjoys it|finds it exciting|laughs a lot with it].""",
    complaint="""
    - It gets [boring|dull] [soon|after a while].
    - {child} [was soon bored|hardly laughed].""",
    very_bad="""
    - {child} [ignored it|yawned|was bored] after [two minutes|five minutes|the first try] and
      [never touched it again|went back to an old tube|asked for something exciting].
    - [Utterly boring|Deadly dull|No fun whatsoever], [not one giggle|nobody laughed once|pure
      boredom] in all of {soon}.
    - It does [one thing|exactly one trick], and that is [boring|as exciting as a wet sock|not
      funny], [even the cat ignores it|my kids fell asleep].
    - I have never seen {childo} [lose interest so fast|so bored], [zero imagination|where is
      the fun|the excitement lasted a minute].
    - They [call it entertaining|promise excitement|promise laughter], I call it [boredom in a
      bag|the dullest thing ever], it [sits ignored|lies ignored] [in a corner|under the couch].
    - [Fun|Entertaining|Exciting], it says on the page, but [we found it|it turned out to be]
      [deadly boring|a recipe for yawns|boredom itself], and {child} [walked off|ignored it from
      then on].
    - [Four kids|A whole party|Three cousins], and [nobody laughed|not a giggle|all of them
      bored] [within minutes|after one round], [the dullest thing we own|they enjoyed the bag it
      came in more].
    - [Watching grass grow|Doing the dishes|Waiting for a bus] is more
      [fun|exciting|entertaining], {child} [was bored at once|gave it a single yawn|said so
      too].""",
    bad="""
    - {child} [got bored|lost interest, bored,|was bored with it] [after a day|by the second
      evening|rather quickly], and [it is ignored now|the excitement is gone].
    - It is [not much fun|a bit dull|less exciting than it looks], [there is little to do|the
      jokes are not funny|no room for imagination].
    - The [fun|excitement|laughter] [wore off|faded|was over] [after the first weekend|within
      {soon}|soon], [other things are more entertaining|it gathers cobwebs].
    - I [expected|hoped for] more [fun|laughs|giggles], {child} mostly [ignores it|finds it
      boring|looks bored].
    - [Somewhat boring|Rather dull], to be honest, [the same game again and again|a one trick
      pony], and not [exciting|funny|entertaining] enough for [a rainy day|two kids].
    - [The first day|The first hour] was [exciting|fun], [after that|since then] [it is
      ignored|nobody enjoys it|{child} finds it boring], [a short lived thing|a shame].
    - It [hardly|seldom|rarely] makes anybody [laugh|giggle|excited], [the games are dull|too
      little imagination|always the same joke], so [it stays in a drawer|we forget it].
    - {child} [yawns|shrugs|looks bored] when [I bring it out|we suggest it], [not enough fun in
      it|the excitement is long gone|it is not entertaining].""",
    mixed="""
    - It is fun [with friends|in a group|with grandpa], but [boring alone|alone {child} is soon
      bored|dull for one].
    - {child} [enjoys it|laughs with it|is entertained] [for ten minutes|now and then], then
      [gets bored|moves on|ignores it for days].
    - [Exciting|Great fun|Very entertaining] [at first|the first week], [a bit dull|less
      funny|somewhat boring] [after that|by now].
    - [Some parts|Some games] are [hilarious|fun|exciting], [others|the rest] [get a yawn|are
      skipped as boring].
    - {child} [likes it well enough|thinks it is okay], [a laugh here and there|some
      giggles|moderate fun], but [not a favorite|hardly thrilled].
    - [Fun|Entertaining|Exciting] for [the youngest|beginners|a party], [dull|boring|no fun] for
      [the older one|everyday use|anyone over six].
    - It [has|had] its [funny|exciting|hilarious] moments, [in between|besides those] [it is
      rather boring|{child} drifts off|there are some yawns].
    - [On some days|Now and then] {child} [laughs and laughs|is excited|enjoys it a lot], [on
      others|the next day] [it is ignored|there are bored faces|nothing is funny].""",
    good="""
    - {child} [enjoys it|has fun with it|plays happily, laughing,] [most days|after lunch|every
      weekend], and [so do the cousins|boredom is rare].
    - It is [good fun|entertaining|quite exciting], [there were giggles right away|with room for
      imagination|never dull], [for two or alone|for young and old].
    - It [keeps|has kept] {childo} entertained [for a whole afternoon|on rainy days|in the
      evenings], [with much laughter|with many giggles], [and me as well|what more can I ask].
    - [Plenty of|Lots of|Much] [fun|laughter|giggles] [at the party|at our house|when friends
      come], [rarely a bored face|still exciting after {time}].
    - {child} [was excited|was thrilled|laughed and laughed] [at once|when it first moved|from
      the start], and [still enjoys it|it is one of the favorites].
    - There is [enough|plenty] to [laugh about|enjoy|keep boredom away], [new games turn up all
      the time|funny twists every round|with room for imagination], and {child} [comes back to
      it|smiles].
    - My [friends' kids|visitors|students] [enjoyed it|had fun|were entertained] [as well|right
      away], and [no one was bored|there was much laughter].
    - {child} [calls it a favorite|says it is fun|thinks it is funny], and I [enjoy
      watching|laugh along|am entertained too], [most of the time|nearly always].""",
    very_good="""
    - {child} [laughs|giggles|squeals with laughter] [every single time|until it hurts|from
      start to finish], it is [pure|endless|so much] fun [for everyone|for the whole family].
    - This is {child's} favorite {toy} [of all time|by a mile|this year], [no boredom in
      sight|exciting every day|still thrilled after {time}].
    - It is [hilarious|wildly entertaining|absolutely addictive], [even the teenagers
      laughed|grandma had the giggles|we adults enjoy it most].
    - [Endless|Unlimited|A world of] [fun|imagination|excitement], {child} [never gets bored|has
      not been bored since|makes up new games daily].
    - I have [never|rarely] seen {childo} [so excited|so thrilled|laugh so hard], the
      [fun|giggling|excitement] [never stops|starts before breakfast].
    - [The laughter|The giggling|The excitement] in [our house|the car|the back yard] [has to be
      heard|is contagious|goes on till bedtime], {child} has never [had so much fun|enjoyed a
      thing so].
    - [Every|Each] [morning|weekend|visit] [begins|starts] with it, {child} is
      [excited|thrilled|giggling] before [the lights are on|anyone is up], [such fun].
    - It [sparks|feeds|awakens] {child's} imagination, [pirates one day, doctors the next|a new
      story each time], [hilarious to watch|and nobody is ever bored|endless fun].""")
