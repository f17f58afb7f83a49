"""A kind and a number -> a report of our own such as machines write by the thousand: same words around other facts.

Weather, shares, matches, quakes, lotteries, earnings, tides, courts, roadworks, auctions; and, without a number, people who are
missing, appointed or dead, and concerts. Two of one kind are never the same story, however much of them is alike.
"""

from __future__ import annotations

import random

__all__ = ["KINDS", "UNSEEN", "report"]

_TOWNS = "Aldermoor Brackwater Cindermouth Dunreith Eskvale Fallowby Gorsefield Hathersend Ilvermere Jarrowick Kestrel-Bay Lindholm".split()
_NAMES = "Varga Okoro Lindqvist Marchetti Dupont Novak Hale Brandt Castellane Iwu Petrov Sorley Amundsen Quist".split()
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_MONTHS = "January February March April May June July August September October November December".split()
_FIRMS = "Halden Mills|Orrery Systems|Northway Freight|Calder Foods|Tessel Energy|Brightwater Bank|Pell & Sons|Arkwright Tools".split(
    "|"
)
_SKIES = (
    "light rain|heavy showers|bright spells|low cloud|patchy fog|gusty winds|clear skies|sleet on high ground".split(
        "|"
    )
)

_TEMPLATES = {
    "weather": """{town} can expect {sky} on {day} with a high of {n30} degrees and a low of {n9} degrees. Winds will reach {n60} kilometres an hour
from the west in the afternoon. The chance of rain is {n99} percent.

On the following day the forecast is for {sky}, with temperatures between {n9} and {n30} degrees. The sun rises at 6.{n59} and sets
at 18.{n59}.

This forecast is made automatically from the readings of the regional weather stations and is renewed every six hours. Forecasts for more
than three days become less certain. Warnings are issued by the national weather service, whose decisions always go before
what is said here. To report an error write to the forecast desk.""",
    "shares": """Shares of {firm} closed {up} {n9}.{n99} percent at {n99}.{n99} crowns on {day}. The stock opened at {n99}.{n99} and moved between {n99}.{n99} and
{n99}.{n99} during the session. Some {n99},{n999} shares changed hands, against an average of {n99},{n999} over the last fifty days.

The company has a market value of {n99}.{n99} billion crowns, a price-to-earnings ratio of {n60}.{n99} and a beta of 1.{n99}. The fifty-day
moving average is {n99}.{n99} and the two-hundred-day moving average is {n99}.{n99}. {name} Capital raised its stake by {n60}.{n9} percent
in the last quarter and now owns {n99},{n999} shares worth about {n9}.{n99} million crowns.

Analysts at {name} Research set a price target of {n99} crowns and rated the stock a {rating}. {n9} analysts rate it a hold and {n9} a buy.

This report was written by software from figures of the exchange. It is no advice to buy or sell. Figures may be delayed by
fifteen minutes.""",
    "match": """{town} beat {town} {n9}-{n9} on {day} in front of {n9},{n999} spectators. {name} opened the scoring in minute {n60} after a pass from
{name}, and {name} made it two before the break.

The visitors came back in the second half when {name} scored in minute {n60}, but {name} settled the game from the penalty spot in minute
{n60}. Referee {name} showed {n9} yellow cards.

{town} have now {n60} points from {n30} games and are in place {n9} of the table. Next they travel to {town} on {day}. {town} stay
in place {n9} with {n30} points and host {town} next week.""",
    "quake": """A magnitude {n9}.{n9} earthquake was recorded {n60} kilometres north of {town} on {day} at {n9}.{n59} local time, at a depth of {n99}
kilometres. In the past ten days there have been {n9} earthquakes of magnitude 3 or greater centred nearby.

An average of {n99} earthquakes of this size are recorded in the region a year, according to a data sample of three years. Did you feel the
earthquake? Tell the seismological service what you noticed.

This article was made by an algorithm that watches the latest readings of the seismological service. It was looked over by an editor before it was
published. If you would like to know more about the system, read our list of common questions.""",
    "lottery": """The winning numbers of the {town} lottery drawn on {day}, {month} {n30}, are {n30}, {n60}, {n60}, {n30}, {n60} and {n9}. The bonus number
is {n30}. The jackpot was {n99} million crowns.

No ticket matched all six numbers. {n30} tickets matched five numbers and win {n99},{n999} crowns each. The next draw is on {day} and its
jackpot is estimated at {n99} million crowns.

Tickets cost two crowns and can be bought until an hour before the draw. Prizes are paid for a hundred and eighty days after the draw. Winners
of small prizes are paid in shops, others at the office of the lottery. Players must be eighteen or older. Play with care.""",
    "earnings": """{firm} reported a profit of {n99}.{n9} million crowns for the quarter that ended in {month}, {compare} with {n99}.{n9} million a year before.
Revenue was {n999}.{n9} million crowns, while analysts had expected {n999}.{n9} million.

"We are pleased with these results and with the work of our teams," said {name}, who has led the company since 20{n30}. The company expects revenue
of {n999} to {n999} million crowns in the coming quarter and earnings of {n9}.{n99} crowns a share.

Operating costs were {n99}.{n9} million crowns. The board proposes a dividend of {n9}.{n99} crowns a share, payable in {month}. Shares
of {firm} have moved by {n60} percent since the beginning of the year.""",
    "tides": """High water at {town} on {day}: {n9}.{n59} and 1{n9}.{n59}, height {n9}.{n9} metres. Low water: {n9}.{n59} and 1{n9}.{n59}, height 0.{n9} metres. Swell {n9}.{n9}
metres from the south-west, water temperature {n30} degrees. The harbour office asks small boats to keep away from the bar until
two hours after low water. Moorings are let by the day at the office, which is open from eight to five.""",
    "court": """{name}, {n60}, of {town}, was charged on {day} with {crime} after an incident in {month}. Police say that the suspect was arrested
at about {n9}.{n59} near the market square of {town}. Bail was set at {n99},{n999} crowns.

A charge is an accusation. Everybody is presumed innocent until proven guilty in a court of law. Police ask anybody who saw something to call the
station of {town}. Callers may remain anonymous and may be eligible for a reward. The case will be heard by Judge {name} on {month} {n30}.""",
    "roadworks": """The road from {town} to {town} will be closed from {day}, {month} {n30}, between kilometre {n60} and kilometre {n99}. Traffic is led over
{town}, which takes about {n30} minutes longer. Buses of line {n99} run every {n60} minutes and do not stop at the market.

The county replaces {n999} metres of water pipe and {n9}.{n9} kilometres of road surface. The work costs {n99}.{n9} million crowns and takes
{n30} weeks. The firm of {name} won the contract against {n9} others.

Residents can reach their houses at all times. Waste is collected on the usual days if bins stand at the nearest open crossing before six in the
morning. Questions are answered by the road office on working days from eight to noon.""",
    "auction": """A {month} sale at the {town} auction house brought in {n999},{n999} crowns on {day}. The highest price, {n99},{n999} crowns, was paid
for a clock of 17{n99} from the estate of the {name} family. It had been estimated at {n99},{n999} crowns. Of {n999} lots {n99} were not sold.

A pair of chairs made {n9},{n999} crowns and a landscape by {name} {n99},{n999} crowns. Bidders came from {n30} countries, {n99} of them by telephone.

The next sale takes place on {month} {n30}. Objects can be viewed from ten to five during the week before. A buyer's premium of {n30} percent is added to
all prices, and export licences are the buyer's affair. Catalogues are sent on request.""",
    "missing": """Police in {town} are asking for help in finding {name}, a {job} who was last seen near the station of {town} in the evening. The family
says that {name} had planned to visit friends in {town} and never arrived. {name} is of slender build, has {hair} hair, and wore {coat}.

Whoever has seen {name} or knows where the missing person may be is asked to call the police of {town} or any other station. Officers searched
the river bank with dogs and a helicopter, without result so far. There is no sign of a crime, said {name}, who speaks for the police. People who
are missing are usually found within a few days, but the family is worried. Please share this call with friends and neighbours.""",
    "appointed": """{firm} has named {name} its head of sales. {name} comes from {firm}, where the trained {job} led the team for the northern region for many
years. {name} follows {name}, who leaves the company at the end of the year to spend more time with the family.

"We are happy to have won {name} for this task," said {name}, who leads the company. "The experience that {name} brings will help us to grow
in new markets." {name} studied in {town} and began as a {job}. {firm} has its seat in {town} and sells to shops and kitchens in the whole
country. It belongs to the {name} family.""",
    "concert": """The choir of {town} sings in the church of {town} on {day} evening. On the programme are songs of the sea, old carols, and a new piece that
{name} wrote for the choir. {name} conducts, and {name} plays the organ.

The choir has existed for many years and has won prizes in {town} and {town}. New singers are welcome at any time and need not read
music. Rehearsals take place in the school of {town} on {day}. Entry is free, and gifts for the new roof are welcome. Doors open
half an hour before the concert begins. Parking is at the market hall.""",
    "funeral": """{name}, a {job} of {town}, died on {day} after a short illness. Born in {town} as a child of {name} and {name}, the {job} came to
{town} as a young man and stayed.

Friends remember a quiet neighbour who mended clocks and kept bees. {name} sang in the choir of {town} and served in its council. The family thanks the
nurses of {town} hospital for their care. A service will be held in the church of {town} on {day} morning, and burial follows in
the old cemetery. In place of flowers the family asks for gifts to the library of {town}.""",
}
_CRIMES = "theft|fraud|driving without a licence|burglary|arson|handling stolen goods".split("|")
_LISTS = {
    "town": _TOWNS,
    "name": _NAMES,
    "day": _DAYS,
    "month": _MONTHS,
    "firm": _FIRMS,
    "sky": _SKIES,
    "crime": _CRIMES,
    "job": ["teacher", "nurse", "welder", "baker", "retired pilot", "student of law"],
    "hair": ["black", "brown", "grey", "fair"],
    "coat": ["a red coat", "a grey jacket and jeans", "a green raincoat", "dark trousers"],
    "up": ["up", "down"],
    "rating": ["buy", "hold", "sell"],
    "compare": ["compared", "which may be compared"],
}
KINDS = tuple(_TEMPLATES)
UNSEEN = ("roadworks", "auction", "funeral")  # not looked at when the thresholds of ``cleaner.dedupe`` were chosen


def report(kind: str, number: int) -> str:
    """The report of a number: each has its own figures; four after each other are of the same firm, town and people, as of following days."""
    figures = random.Random(f"{kind} {number}")
    names = random.Random(f"{kind} {number // 4}") if "{n" in _TEMPLATES[kind].replace("{name", "") else figures
    told = _TEMPLATES[kind].replace("\n\n", "\0").replace("\n", " ").replace("\0", "\n\n")
    parts = told.split("{")
    return parts[0] + "".join(
        _fact(part.partition("}")[0], figures, names) + part.partition("}")[2] for part in parts[1:]
    )


def _fact(name: str, figures: random.Random, names: random.Random) -> str:
    """One fact of a sort: a number up to one, or one of a list."""
    if name[1:].isdecimal():
        return str(figures.randint(1, int(name[1:])))
    return (figures if name in {"day", "sky", "up"} else names).choice(_LISTS[name])
