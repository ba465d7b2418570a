"""The phrases that only a hard sample corpus has: the same for every aspect, or about something else."""
from preprocessing.sample.phrases import templates

SHARED = (  # by level, from very bad to very good: an aspect is named by its topic alone
    templates("""
    - The {topic} [is|was] [a disaster|hopeless|as poor as it gets|what spoiled everything] [for us|in our house|from
      day one|in the end].
    - [Nothing|No other thing] [annoyed|upset|let down] us as much as the {topic} [did|of this {toy}].
    - [We gave up on|I am done with|Nobody here forgives] the {topic}[ of this {toy}| of this one| after {soon}].
    """), templates("""
    - The {topic} [is|was] [below what we hoped for|not up to the mark|a weak point|nothing to write home about].
    - [I would look elsewhere|I expected more|We hoped for better] [where|when it comes to|as far as] the {topic} is
      concerned.
    - [Points off|One star less] for the {topic}[|, sadly|, I am afraid].
    """), templates("""
    - The {topic} is [neither here nor there|average|what you would expect|in between].
    - [No strong opinion|Undecided|Two minds] about the {topic}[| so far| as yet].
    - [Some days we like|One of us likes|Half of us like] the {topic}, [others do not|the other does not|the rest do
      not].
    """), templates("""
    - The {topic} [is|was] [better than we hoped for|a strong point|quite up to the mark|one reason to choose it].
    - [I had doubts|We had worried|My mother had warned us] about the {topic}, [without need|but all is well|and I was
      wrong].
    - [Points|One more star] for the {topic}[|, gladly|, I am glad to say].
    """), templates("""
    - The {topic} [is|was] [the best part|beyond anything we hoped for|as good as it gets|what won everybody over].
    - [Nobody|No other {toy}] [here|we know] [beats|comes near] [it|this one] in {topic}.
    - [Top marks|Full marks|Ten out of ten] for the {topic}[| from all of us| from me| and I mean it].
    """))

NOT_SO = ("I would not say that ", "I cannot say that ", "Nobody here would say that ", "It is not true that ",
          "I would be lying if I said that ")  # before a remark whose opposite is meant

HEARSAY = (  # before a remark that the author does not share: what others say of the toy is no judgement
    "A friend told me about hers: ", "One reviewer wrote: ", "The neighbors say of theirs: ",
    "My sister had another one and complained: ", "Somebody at work said of his: ", "I had read elsewhere: ")

OFF_TOPIC = templates("""
    - [We were|The others were] [at the lake|with the grandparents|in the garden|camping in the rain] [all summer|that
      weekend|that afternoon].
    - My [cousin|brother|aunt] [moved|got married|started a new job] [in the spring|last month|this year], [so we had
      other worries|and we all helped|which kept us busy].
    - {child} [turns another year older|visits an uncle|joins a choir|plays football] [soon|next week|in the fall], [how
      time flies|we can hardly believe it|and we all look forward to it].
    - The [weather|traffic|dog] [was awful|kept us indoors|did not help] [that week|on the day|at the time].
    - [Dinner|Breakfast|The cake] [was late|got cold|had to wait] [that evening|that day|because of the guests].
    - I [write|wrote] this [on the train|over coffee|late at night|with a cold], [so forgive the style|so it is not
      long|as I promised my wife].
    - We [are a family of five|live on a farm|have three cats|share a house with friends], [in case you wonder|so you
      get the idea|for what it matters].
    """)
