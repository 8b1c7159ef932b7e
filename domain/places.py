"""Places where people live, by code: ISO 3166 countries, US States and territories, Canadian provinces, two free zones.

A territory of the United States has one code here, US-PR and not PR, so that nobody is counted in two places.
"""

from collections.abc import Collection
from difflib import get_close_matches
from typing import Final


def _read(text: str, prefix: str = "") -> dict[str, str]:
    pairs = (entry.split(" ", 1) for entry in " ".join(text.split()).split("; "))
    return {prefix + code: name for code, name in pairs}


COUNTRIES: Final = _read(
    """
    AD Andorra; AE United Arab Emirates; AF Afghanistan; AG Antigua & Barbuda; AI Anguilla; AL Albania; AM Armenia; AO
    Angola; AQ Antarctica; AR Argentina; AT Austria; AU Australia; AW Aruba; AX Åland Islands; AZ Azerbaijan; BA
    Bosnia & Herzegovina; BB Barbados; BD Bangladesh; BE Belgium; BF Burkina Faso; BG Bulgaria; BH Bahrain; BI
    Burundi; BJ Benin; BL St Barthelemy; BM Bermuda; BN Brunei; BO Bolivia; BQ Caribbean NL; BR Brazil; BS Bahamas; BT
    Bhutan; BV Bouvet Island; BW Botswana; BY Belarus; BZ Belize; CA Canada; CC Cocos (Keeling) Islands; CD Congo
    (Dem. Rep.); CF Central African Rep.; CG Congo (Rep.); CH Switzerland; CI Côte d'Ivoire; CK Cook Islands; CL
    Chile; CM Cameroon; CN China; CO Colombia; CR Costa Rica; CU Cuba; CV Cape Verde; CW Curaçao; CX Christmas Island;
    CY Cyprus; CZ Czech Republic; DE Germany; DJ Djibouti; DK Denmark; DM Dominica; DO Dominican Republic; DZ Algeria;
    EC Ecuador; EE Estonia; EG Egypt; EH Western Sahara; ER Eritrea; ES Spain; ET Ethiopia; FI Finland; FJ Fiji; FK
    Falkland Islands; FM Micronesia; FO Faroe Islands; FR France; GA Gabon; GB United Kingdom; GD Grenada; GE Georgia;
    GF French Guiana; GG Guernsey; GH Ghana; GI Gibraltar; GL Greenland; GM Gambia; GN Guinea; GP Guadeloupe; GQ
    Equatorial Guinea; GR Greece; GS South Georgia & the South Sandwich Islands; GT Guatemala; GW Guinea-Bissau; GY
    Guyana; HK Hong Kong; HM Heard Island & McDonald Islands; HN Honduras; HR Croatia; HT Haiti; HU Hungary; ID
    Indonesia; IE Ireland; IL Israel; IM Isle of Man; IN India; IO British Indian Ocean Territory; IQ Iraq; IR Iran;
    IS Iceland; IT Italy; JE Jersey; JM Jamaica; JO Jordan; JP Japan; KE Kenya; KG Kyrgyzstan; KH Cambodia; KI
    Kiribati; KM Comoros; KN St Kitts & Nevis; KP North Korea; KR South Korea; KW Kuwait; KY Cayman Islands; KZ
    Kazakhstan; LA Laos; LB Lebanon; LC St Lucia; LI Liechtenstein; LK Sri Lanka; LR Liberia; LS Lesotho; LT
    Lithuania; LU Luxembourg; LV Latvia; LY Libya; MA Morocco; MC Monaco; MD Moldova; ME Montenegro; MF St Martin
    (French); MG Madagascar; MH Marshall Islands; MK North Macedonia; ML Mali; MM Myanmar (Burma); MN Mongolia; MO
    Macau; MQ Martinique; MR Mauritania; MS Montserrat; MT Malta; MU Mauritius; MV Maldives; MW Malawi; MX Mexico; MY
    Malaysia; MZ Mozambique; NA Namibia; NC New Caledonia; NE Niger; NF Norfolk Island; NG Nigeria; NI Nicaragua; NL
    Netherlands; NO Norway; NP Nepal; NR Nauru; NU Niue; NZ New Zealand; OM Oman; PA Panama; PE Peru; PF French
    Polynesia; PG Papua New Guinea; PH Philippines; PK Pakistan; PL Poland; PM St Pierre & Miquelon; PN Pitcairn; PS
    Palestine; PT Portugal; PW Palau; PY Paraguay; QA Qatar; RE Réunion; RO Romania; RS Serbia; RU Russia; RW Rwanda;
    SA Saudi Arabia; SB Solomon Islands; SC Seychelles; SD Sudan; SE Sweden; SG Singapore; SH St Helena; SI Slovenia;
    SJ Svalbard & Jan Mayen; SK Slovakia; SL Sierra Leone; SM San Marino; SN Senegal; SO Somalia; SR Suriname; SS
    South Sudan; ST Sao Tome & Principe; SV El Salvador; SX St Maarten (Dutch); SY Syria; SZ Eswatini (Swaziland); TC
    Turks & Caicos Is; TD Chad; TF French S. Terr.; TG Togo; TH Thailand; TJ Tajikistan; TK Tokelau; TL East Timor; TM
    Turkmenistan; TN Tunisia; TO Tonga; TR Turkey; TT Trinidad & Tobago; TV Tuvalu; TW Taiwan; TZ Tanzania; UA
    Ukraine; UG Uganda; US United States; UY Uruguay; UZ Uzbekistan; VA Vatican City; VC St Vincent; VE Venezuela; VG
    Virgin Islands (UK); VN Vietnam; VU Vanuatu; WF Wallis & Futuna; WS Samoa (western); YE Yemen; YT Mayotte; ZA
    South Africa; ZM Zambia; ZW Zimbabwe
    """
)
"""ISO 3166-1 code → English name."""

STATES: Final = _read(
    """
    AL Alabama; AK Alaska; AZ Arizona; AR Arkansas; CA California; CO Colorado; CT Connecticut; DE Delaware; DC
    District of Columbia; FL Florida; GA Georgia; GU Guam; HI Hawaii; ID Idaho; IL Illinois; IN Indiana; IA Iowa; KS
    Kansas; KY Kentucky; LA Louisiana; ME Maine; MD Maryland; MA Massachusetts; MI Michigan; MN Minnesota; MS
    Mississippi; MO Missouri; MT Montana; NE Nebraska; NV Nevada; NH New Hampshire; NJ New Jersey; NM New Mexico; NY
    New York; NC North Carolina; ND North Dakota; OH Ohio; OK Oklahoma; OR Oregon; PA Pennsylvania; PR Puerto Rico; RI
    Rhode Island; SC South Carolina; SD South Dakota; TN Tennessee; TX Texas; UT Utah; VT Vermont; VA Virginia; VI US
    Virgin Islands; WA Washington; WV West Virginia; WI Wisconsin; WY Wyoming; AS American Samoa; MP Northern Mariana
    Islands
    """,
    "US-",
)
"""US-TX → Texas; the District of Columbia and the territories are among them."""

PROVINCES: Final = _read(
    """
    AB Alberta; BC British Columbia; MB Manitoba; NB New Brunswick; NL Newfoundland and Labrador; NS Nova Scotia; NT
    Northwest Territories; NU Nunavut; ON Ontario; PE Prince Edward Island; QC Quebec; SK Saskatchewan; YT Yukon
    """,
    "CA-",
)
"""CA-QC → Quebec."""

ZONES: Final = {"AE-DIFC": "Dubai International Financial Centre", "AE-ADGM": "Abu Dhabi Global Market"}
"""Free zones with a data protection law of their own."""

PLACES: Final = COUNTRIES | STATES | PROVINCES | ZONES
"""Every known place."""

_BY_NAME: Final = {name.casefold(): code for code, name in PLACES.items()}


def inside(where: str, place: str) -> bool:
    """Whether `where` is `place` or a part of it: US-TX is inside US."""
    return where == place or where.startswith(f"{place}-")


def among(where: str, places: Collection[str]) -> bool:
    """Whether `where` is inside one of the places."""
    return where in places or where[:2] in places


def named(place: str) -> str:
    """The name of a place; its code when it has none."""
    return PLACES.get(place, place)


_THE: Final = ("United ", "US V", "District", "Philippines", "Netherlands", "Dubai", "Bahamas", "Maldives", "European")


def within(name: str) -> str:
    """A name as it follows “in”: Germany, the Netherlands."""
    return f"the {name}" if name.startswith(_THE) else name


def known(place: str) -> str:
    """The place itself; ValueError with a sentence and a suggestion when there is none of that code."""
    if place in PLACES:
        return place
    raise ValueError(f"there is no place `{place[:40]}`{_near(place)}; write a country as DE, a US State as US-TX")


def _near(place: str) -> str:
    upper = place.upper().replace("_", "-")
    for guess in (upper, f"US-{upper}", _BY_NAME.get(place.casefold(), ""), {"UK": "GB", "EL": "GR"}.get(upper, "")):
        if guess in PLACES:
            return f" (did you mean {guess}?)"
    close = get_close_matches(place.casefold(), _BY_NAME, n=1)
    return f" (did you mean {_BY_NAME[close[0]]}?)" if close else ""
