"""Chinese words that values are made of."""

from __future__ import annotations

import re
from collections.abc import Iterable

from dialog.interpret.slots.words import series


def _any_of(words: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


FACILITIES = series(
    "公共区域和部分房间提供wifi 公共区域提供wifi 所有房间提供wifi 部分房间提供wifi "
    "酒店各处提供wifi 早餐服务免费 免费早餐服务 免费国内长途电话 国内长途电话免费 国内长途电话 "
    "国际长途电话 免费市内电话 部分房间提供wifi 早餐服务 叫醒服务 洗衣服务 行李寄存 接待外宾 "
    "会议室 商务中心 健身房 室内游泳池 室外游泳池 游泳池 桑拿 吹风机 24小时热水 中式餐厅 "
    "西式餐厅 残疾人设施 SPA 棋牌室 酒吧 收费停车位 免费停车位 停车场 停车位 接机服务 接站服务 "
    "看护小孩服务 宽带上网 无烟房 温泉 租车 暖气 电梯 wifi 空调 早餐 KTV 儿童乐园 信用卡"
)
"""What hotels commonly offer, as people name it."""

CUISINES = series(
    "川菜 粤菜 湘菜 鲁菜 苏菜 浙菜 闽菜 徽菜 京菜 本帮菜 东北菜 西北菜 云南菜 贵州菜 新疆菜 "
    "清真 素食 海鲜 火锅 烧烤 烤肉 烤鸭 小吃 面食 中餐 中国菜 西餐 日料 日本料理 日本菜 日式 "
    "韩餐 韩国料理 韩国菜 韩式 泰国菜 泰餐 泰式 泰菜 越南菜 印度菜 意大利菜 意餐 法国菜 法餐 "
    "墨西哥菜 美式 快餐 自助餐 甜品 咖啡 寿司 披萨 牛排 麻辣烫 串串 江浙菜 粤式 港式 茶餐厅"
)

CITIES = series(
    "北京 上海 广州 深圳 杭州 南京 苏州 成都 重庆 武汉 西安 天津 长沙 青岛 厦门 大连 沈阳 "
    "哈尔滨 昆明 三亚 郑州 济南 福州 合肥 南昌 贵阳 南宁 海口 拉萨 兰州 银川 西宁 太原 石家庄 "
    "长春 呼和浩特 乌鲁木齐 香港 澳门 台北 高雄 宁波 无锡 珠海 桂林 丽江 大理 纽约 伦敦 巴黎 "
    "东京 大阪 京都 首尔 曼谷 新加坡 洛杉矶 旧金山 芝加哥 波士顿 西雅图 多伦多 温哥华 悉尼 "
    "墨尔本 布鲁克林 柏林 罗马 米兰 马德里 巴塞罗那 莫斯科 迪拜 吉隆坡 华盛顿 曼哈顿 皇后区 "
    "费城 迈阿密 拉斯维加斯"
)
"""Places that people travel to and ask about, where no word before them tells that they are places."""

FACILITY = re.compile(rf"(?<!出)(?:{_any_of(FACILITIES)})", re.I)
CITY = re.compile(_any_of(CITIES))
CUISINE = re.compile(_any_of(CUISINES))
