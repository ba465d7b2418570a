"""Phrase grammars of the sample corpus: what a toy is worth (price, realism)."""
from preprocessing.sample.phrases import aspect

PRICE = aspect(
    "price", "price", words="""
    price priced prices cost costs costly money dollar dollars expensive cheap cheaper worth
    value bargain sale discount budget paid pay spend spent afford overpriced affordable coupon
    refund wallet steal""",
    praise="""
    - The price is [fair|good|right].
    - It is [good value|worth the money].""",
    complaint="""
    - It is [overpriced|too expensive|not worth the price].
    - I [paid too much|have seen it cheaper].""",
    very_bad="""
    - [An outrageous price|Total waste of money|Shamelessly overpriced], [I want a refund|it is
      not worth ten dollars|half of it would still be expensive].
    - I [paid|spent] [far too much|a fortune|a week's budget] on this, and [it is worth
      nothing|the same one costs a third elsewhere].
    - They [dare to want|have the nerve to ask] [such a price|that much money] for [something
      this cheap|a few cents' worth of parts], [I feel robbed|refund, please].
    - [Save your money|Keep your wallet closed|Do not spend a dollar]: [wildly overpriced|the
      worst value I have had], and the price [doubled before Christmas|halved right after].
    - Never have I [paid|spent] so much for so little, [the cost is absurd|not worth a tenth|a
      cheap thing at a luxury price], [even with a coupon|sale or no sale].
    - [A rip off|Daylight robbery|Pure greed], [nobody should pay that|not worth a dollar|my
      money is gone], [the same thing costs five dollars at the market|and no refund].
    - I [feel cheated|am angry|am ashamed], so much money [spent|paid] for [a cheap piece of
      nothing|something worth pennies], [the value is zero|what a waste].
    - The price is [insane|a scandal|beyond belief], [I paid more than for my phone|no budget
      allows that|any discount store has it cheaper], [never pay it].""",
    bad="""
    - It is [overpriced|too expensive|rather costly] for [what it is|what you get|such a simple
      {toy}], [wait for a sale|I would pay half].
    - I [found|saw] it [cheaper|for less money|at a better price] [elsewhere|the week after|in a
      local store], so I [regret what I paid|feel I spent too much].
    - Not [really|quite] worth the [money|price|cost], [there are cheaper ones|similar ones cost
      ten dollars less|my budget deserved better].
    - The price is [hard to justify|steep|on the high side], and [extras cost more|there was no
      discount|the value is not there].
    - For [that price|that money|so many dollars] I [expected|wanted] [more|better], it [looks
      cheap|is poor value], [sorry to say|I am afraid].
    - It [costs|cost us] [a good deal too much|more than it should|twice as much as others], [I
      would wait for a coupon|the value is poor|hardly worth it].
    - [Nice idea|A good idea], but [too pricey|overpriced|too expensive], [my budget groans|I
      paid for the name|money better spent elsewhere].
    - [Had I known|If I had seen] [the sale price|how cheap others are|the costs of extras], I
      would [not have paid this|have spent less|have kept my money].""",
    mixed="""
    - The price is [a bit high|not low|on the limit], but [we had a coupon|it was on sale|with a
      discount it is acceptable].
    - [Fair value|Worth it] [on sale|with a coupon], [overpriced|too expensive] [otherwise|at
      the full price|the rest of the year].
    - You [pay|spend] [average money|a middling price] and get [average value|what you pay for],
      [no bargain|neither cheap nor expensive].
    - It [costs|cost me] [a little more|somewhat more] than [similar ones|I like to spend],
      [though it may be worth it|so I am torn about the value].
    - [Cheaper than the famous brands|Not the cheapest], [and you see where they saved money|but
      the price is almost fair], [okay for my budget|I could afford it].
    - [I paid|We spent] [a middling sum|about thirty dollars|an average price], and it is [worth
      most of it|more or less worth it|on the limit of fair].
    - The price [went up and down|changed weekly], [at the lowest it is a fair value|at the sale
      price I would say yes], [at the highest too costly|otherwise not worth it].
    - [As for value|In terms of money], [not a bargain|not cheap], [not a waste either|but not
      overpriced], [just what such things cost|about what I would pay].""",
    good="""
    - The price is [fair|reasonable|good], and I [paid less|spent less] than [I had planned|for
      a similar {toy}|my budget allowed].
    - [Good|Decent|Honest] value for [the money|what it costs|the price], [especially on sale|I
      would pay it again|no complaints].
    - It is [worth|well worth] [the price|the money|what I paid], [not cheap but fair|cheaper
      than in the store|even without a discount].
    - [Affordable|Sensibly priced|Priced right], and [a coupon|the discount|a sale] made it
      [even cheaper|a better deal].
    - For [the money|this price|twenty dollars or so] you [get a lot|cannot complain|get good
      value], my [wallet|budget] is [fine with that|not hurt].
    - I [compared|checked] prices, and this is [on the cheaper side|fair|among the better
      values], [so my money went well|worth it for us|I paid gladly].
    - [For a gift|As presents go] it is [affordable|not expensive|within budget], and [looks as
      if it cost more|the value is good|nobody guessed the price].
    - The [price|cost] is [fine|moderate|all right], [with the sale I saved ten dollars|I have
      paid more for less|money well spent], [so no regrets].""",
    very_good="""
    - [What a bargain|An absolute steal|Unbeatable value]: I would have [paid twice as
      much|spent double|called it cheap at twice the price].
    - It is worth [every penny|every dollar|ten times the price], [the best money I have spent|I
      cannot believe how little it costs|and kind to my wallet].
    - [Incredible|Outstanding|Amazing] value for [the money|so little money|such a low price],
      [cheaper than a pizza|and on sale it was a steal|no coupon needed].
    - For [the price|the few dollars it costs|what I paid] [nothing comes close|you cannot do
      better], I [bought three|bought two more as gifts] [while the discount was on|and stayed
      within my budget].
    - I [compared prices|looked at costs|counted every dollar] [for weeks|everywhere], and this
      is [by far the best value|the bargain of the year|the cheapest and best].
    - [I checked twice|I rubbed my eyes], so [low is the price|cheap is it], and it is [worth
      five times that|better than expensive ones|the value of the decade].
    - [Best|Smartest|Finest] [money|dollars] I ever [spent|paid], [a steal at this price|worth
      it ten times over|friends guessed double the cost].
    - [Rarely|Seldom] do you get so much for [so few dollars|your money|this price], [grab the
      bargain|buy it while it is cheap|my budget says thank you].""")

REALISM = aspect(
    "realism", "realism", words="""
    real realistic realism lifelike detail details detailed authentic genuine replica fake
    faithful original imitation accurate convincing scale proportions model copy""",
    praise="""
    - It looks [realistic|quite real|lifelike].
    - The details are [nice|well done|convincing].""",
    complaint="""
    - It looks [fake|nothing like the real thing].
    - It [lacks detail|is not very realistic].""",
    very_bad="""
    - It looks [nothing like|not remotely like] [the real thing|the original|a genuine one], [a
      fake|an ugly imitation|all proportions wrong], [and {child} saw it at once|embarrassing].
    - [Zero realism|No realism at all|Not a single accurate detail], [stickers instead of
      details|lifeless and fake|no sense of scale], [a blob with buttons|what were they
      thinking].
    - [Detailed replica|Authentic model|Realistic], the page says, but what came is [a crude
      imitation|a laughable copy|the fakest thing I know].
    - {child} asked [what it was meant to be|whether it was fake], because [no detail matches
      the original|the proportions are absurd|it is so far from real].
    - The [proportions|details|scale] are [so wrong|so badly done|so fake] that [not even a
      toddler|nobody] would [take it for the original|call it realistic].
    - [My toddler|A toddler|I] could [draw|build] a more [realistic|lifelike|accurate] one, [all
      fake|wrong proportions|no details], [just sad|{child} was in tears].
    - [The photo shows|They show] [a detailed replica|the genuine article], [they send|you get]
      [a fake|a crude copy|a shapeless imitation], [shameful].
    - [Nothing|Not one thing] about it is [authentic|real|true to scale], [details left out one
      and all|wrong colors|a model of nothing].""",
    bad="""
    - It [looks|seems|feels] [rather fake|less realistic than in the photo|like a weak
      imitation], [few details|printed details|the proportions are off].
    - The [details|markings|proportions] are [not accurate|missing|sloppy], [any fan will
      notice|{child} noticed], so [no authentic feel|not quite the real thing].
    - I [wanted|hoped for] [a replica|something lifelike|a detailed model], this is [a rough
      copy|too simple|not convincing].
    - [Not very|Hardly] [realistic|convincing|authentic], [the scale is off|the details are
      stickers], [which bothered {childo}|a pity].
    - Next to [the original|a real one|a proper replica] it looks [poor|fake|simplified], [half
      of the details are left out|the colors are not accurate].
    - The [colors|markings|controls] are [invented|simplified|not authentic], [so it looks
      fake|the original has others|{child} knows the real ones].
    - [Too simple|Too plain|Too cartoonish] to be [realistic|convincing|lifelike], [details are
      few|the scale is odd|more an idea than a model].
    - [Collectors|Fans] will [miss the details|find it fake|want a better replica], [the
      proportions are off|it is loosely based on the original].""",
    mixed="""
    - The [front|outside] is [realistic|nicely detailed|accurate], the [back|inside] [lacks
      detail|looks fake|is bare of detail].
    - [From afar|At a glance] it looks [real|authentic|lifelike], [up close|on a second look]
      the details are [simple|only stickers|not so accurate].
    - The [proportions|scale] [are right|look right], but the [details|markings] [are printed
      on|could be more accurate|look fake].
    - It is [fairly|half|somewhat] [realistic|convincing], [enough for {childo}|fine for pretend
      games], though [no replica|a fan wants more detail].
    - [Some details|A few details] are [spot on|authentic|lifelike], [others|the rest] [are
      invented|were left out|do not match the original].
    - [Accurate|Realistic] [colors|proportions], [fake|simplified] [controls|details], [a fair
      copy|half a replica].
    - {child} [finds it real enough|thinks it looks real], I [see the missing details|miss the
      finer details|know the original].
    - As [a model|a replica] it is [average|passable], [some authentic touches|a few fine
      details], [the rest guessed|not to scale].""",
    good="""
    - It looks [quite|nicely|pleasingly] [realistic|lifelike|authentic], with [good
      detail|accurate markings|the right proportions].
    - [Many|Plenty of|A number of] [nice|accurate|lovely] details, [like on the real one|close
      to the original], which {child} [points out|noticed].
    - The [details|proportions|markings] [are well done|match the original|are convincing], a
      [faithful copy|good replica|decent model].
    - {child} [says it looks real|thinks it is the real one], and it [does|is convincing], [down
      to the handles|details and all].
    - [Realistic enough|Detailed enough] to [please a fan|go on display|fool the cat], [only the
      scale is a little off|and the colors are accurate].
    - [Nice|Careful|Pleasing] [detail|details] on the [front|roof|controls], [mostly
      accurate|quite authentic], and {child} [loves them|knows each one].
    - [I had to look twice|At first glance], [so convincing|it passes for real], [only the
      weight gives it away|a good copy|fair proportions].
    - It [moves|opens|lights up] [like the original|in a realistic way|as the real one does],
      [good scale|good detail], [a fine model|well observed].""",
    very_good="""
    - It looks [exactly|just|astonishingly] like the [real thing|original|genuine article], with
      [every detail|the proportions|the scale] [spot on|just right].
    - The [realism|level of detail|attention to detail] is [stunning|breathtaking|unbelievable],
      [a replica for collectors|lifelike to the last line|even my uncle was fooled].
    - [Incredibly|Amazingly|Wonderfully] [realistic|lifelike|detailed], {child} [thinks it is
      real|compares it with the original] and [finds no mistake|is in awe].
    - [A perfect replica|A faithful model|The most authentic copy on the market|A copy for
      experts], [accurate details everywhere|true to scale|nothing fake about it].
    - As [a fan|a collector|an engineer] I [checked the details|know the original], and it is
      [accurate|authentic|true to the real one] [in every way|from top to bottom].
    - [Down to|Right down to] [the last rivets|the labels|the last lever] it is
      [authentic|accurate|like the real one], [a museum replica|what detail|stunning].
    - [My father|My neighbor|A friend], who [drives|repairs|works with] the real one, [found
      every detail|praised the realism|could not fault the scale].
    - [Photos next to|Put beside] the original, [you cannot tell|nobody can tell] [which is
      fake|which is real|the copy from it].""")
