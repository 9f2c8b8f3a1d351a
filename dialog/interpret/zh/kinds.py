"""Kinds of values that take each other's place in a request: days, cities, cuisines, prices ... as patterns."""

from __future__ import annotations

import re

_NUM = r"(?:\d+(?:\.\d+)?|[一二三四五六七八九十两百千万半]+)"
_WEEKDAY = r"(?:下|上|这|本)?(?:个)?(?:周|星期|礼拜)[一二三四五六日天末]"

KINDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "day",
        re.compile(
            rf"(?:大后天|大前天|今天|明天|后天|昨天|前天|今晚|明晚|昨晚|今早|明早|{_WEEKDAY}|(?:{_NUM}月)?{_NUM}[号日]|{_NUM}月(?!份)|"
            r"春节|国庆节?|元旦|五一|中秋节?|圣诞节?|情人节|端午节?|清明节?|下个?月|上个?月|今年|明年|去年)"
        ),
    ),
    ("clock", re.compile(rf"(?<!第){_NUM}点(?:半|一刻|{_NUM}分?)?")),
    ("part", re.compile("早上|上午|中午|下午|晚上|傍晚|凌晨|夜里")),
    ("people", re.compile(rf"{_NUM}(?:个?人|位)(?!均)")),
    (
        "price",
        re.compile(
            rf"{_NUM}(?:块钱?|元|美元|美金|刀)(?:以内|以下|以上|左右)?|{_NUM}(?:以内|以下|以上|左右)"
            r"|(?<![\d几好])(?:[\d.]+|[一二三四五六七八九十两]+)[千万][\d一二三四五六七八九十两千百万]*(?![\d年人个种])(?:以内|以下|以上|左右)?"
        ),
    ),
    (
        "span",
        re.compile(r"(?:\d{1,2}|[一二三四五六七八九十两半]+)(?:天|年(?!级|代)|周(?!年)|个?(?:星期|月|小时|钟头)|分钟)"),
    ),
    (
        "transport",
        re.compile(
            "[坐乘]?(?:高铁|动车|飞机|大巴|公交车?|轮渡)(?![站票的])|[坐乘](?:火车|地铁)|开车|自驾|打车|骑车|步行|走路"
        ),
    ),
    (
        "language",
        re.compile(
            "(?:英|日|韩|法|德|俄|西班牙|葡萄牙|意大利|阿拉伯|泰|越南|拉丁|普通|广东|粤|汉)语|[英日韩法德俄中]文|普通话|广东话"
        ),
    ),
    (
        "cuisine",
        re.compile(
            r"(?:川|粤|湘|鲁|苏|浙|闽|徽|本帮|东北|新疆|云南|贵州|北京|上海|清真|家常|泰国?|日本?|韩国?|法国?|意大利|印度|墨西哥|中国|中|西|越南|西班牙|希腊|土耳其|俄罗斯|德国|美国)"
            r"(?:菜|料理|餐(?=馆|厅|店|吧|呢|$|的)|餐厅(?=$|呢))|日料|韩餐|西餐|中餐|日餐|泰餐|法餐|火锅|烧烤|烤肉|烤鸭|寿司|拉面|披萨|海鲜|快餐|素食|素菜|自助餐|小吃|甜品|点心|早茶"
        ),
    ),
    (
        "class",
        re.compile(
            r"一等座|二等座|商务座|硬卧|软卧|硬座|经济舱|商务舱|头等舱|[一两二三四]居室|[一两二三四]室[一两二]厅|大床房|双床房|标准间|单人间|双人间|[三四五]星级?|大杯|中杯|小杯"
        ),
    ),
    (
        "city",
        re.compile(
            "北京|上海|天津|重庆|广州|深圳|杭州|南京|苏州|成都|武汉|西安|长沙|郑州|青岛|济南|厦门|福州|昆明|大理|丽江|三亚|海口|哈尔滨|长春|沈阳|大连|合肥|南昌|贵阳|南宁|"
            "桂林|兰州|银川|西宁|拉萨|太原|石家庄|呼和浩特|乌鲁木齐|宁波|无锡|珠海|东莞|佛山|温州|香港|澳门|台北|高雄|纽约|波士顿|芝加哥|洛杉矶|旧金山|西雅图|华盛顿|费城|"
            "布鲁克林|曼哈顿|皇后区|法拉盛|伦敦|巴黎|东京|大阪|京都|首尔|曼谷|新加坡|悉尼|墨尔本|柏林|罗马|米兰|莫斯科|多伦多|温哥华|迪拜|马德里|巴塞罗那|维也纳"
        ),
    ),
    ("degree", re.compile(r"\d+(?:\.\d+)?(?:度\d?|℃)")),
    ("dynasty", re.compile("(?:夏|商|周|秦|西汉|东汉|汉|晋|西晋|东晋|隋|唐|北宋|南宋|宋|元|明|清|辽|金)(?:朝|代)")),
    ("animal", re.compile("[猫狗兔鸡鸭鱼鸟猪牛羊马]")),
)
"""In order: a stretch of text belongs to the first kind that claims it. Kinds are compared one with the same one."""

OWN_HEAD = re.compile(r"餐(?=[馆厅店])")
"""中餐馆 is 中餐 and 餐馆 at once: its 餐 belongs to the cuisine and to the head noun."""

PRICE_LEVEL = re.compile(
    r"(?:更|再|最)?(?:便宜|实惠|划算|贵|高档)(?:一?点儿?|一些)?的?|" + rf"{_NUM}(?:块钱?|元)(?:以内|以下|以上|左右)?的?"
)
BUDGET = re.compile(
    rf"[，,]?(?:预算|价位|价格|月租|租金|人均|总价)?(?:在|是|大概|大约|不超过|控制在)*{_NUM}(?:块钱?|元)?(?:以内|以下|以上|左右|之内)的?|[，,]?(?:预算|价位|价格|月租|租金|人均|总价)(?:在|是|大概|大约|不超过|控制在)*{_NUM}(?:块钱?|元)?的?"
)
ABOUT_PRICE = re.compile("价格|价钱|价位|预算|多少钱|钱|贵不贵")


def found(text: str) -> tuple[tuple[str, int, int], ...]:
    """The values in `text` as (kind, start, end), in order of place, without overlaps."""
    spans: list[tuple[str, int, int]] = []
    for kind, pattern in KINDS:
        for match in pattern.finditer(text):
            if match.start() < match.end() and not any(a < match.end() and match.start() < b for _, a, b in spans):
                spans.append((kind, *match.span()))
    return tuple(sorted(spans, key=lambda span: span[1]))
