"""The closed classes of Chinese that the rules stand on, as data. One table per class, one tag per word.

The classes follow the usual division of function words (pronouns, adverbs, modal verbs, prepositions, particles) in
reference grammars such as Li & Thompson, "Mandarin Chinese: A Functional Reference Grammar" (1981); the open-class
lists below them hold only words that the rules ask about.
"""

from __future__ import annotations


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


PERSONS = _set("我 你 您 我们 你们 咱们 咱 俺 本人 自己 大家 别人 人家 小编 我自己 你自己")
"""The people in the room; never resolved."""

THIRD_PERSONS = _set("他 她 他们 她们 ta TA Ta")
THIRD_THINGS = _set("它 它们")
PLACES_POINTED_AT = _set("那里 那儿 那边 这里 这儿 这边 那地方 这地方 那个地方 这个地方 当地")
TIMES_POINTED_AT = _set("当时 那时 那时候 那个时候 这个时候 这时候 这时 那年 那一年 那天 那一天")
FORMER = _set("前者 前面那个")
LATTER = _set("后者 后面那个")

QUESTION_WORDS = _set(
    "怎么办 谁 什么 啥 哪 哪里 哪儿 哪个 哪些 哪种 哪家 哪部 哪本 哪首 哪年 哪天 哪国 哪位 怎么 怎么样 怎样 咋 "
    "咋样 如何 为什么 为啥 为何 为嘛 多少 几 几个 几点 几号 几岁 多大 多高 多久 多长 多远 多重 多贵 何时 "
    "什么样 什么时候 啥时候 啥样 有没有 是不是 能不能 会不会 可不可以 要不要 多少钱 几时 几天 几次 是否 干嘛 "
    "干什么 什么意思 什么地方"
)
ADVERBS = _set(
    "一共 总共 不 没 没有 也 都 很 就 还 还是 再 又 才 只 最 更 太 挺 真 真的 好 超 超级 特别 非常 十分 比较 "
    "有点 有点儿 有些 已经 正在 正 在 刚 刚刚 刚才 马上 一直 总是 经常 常常 从来 从没 从 未 别 甭 必须 一定 "
    "肯定 大概 可能 好像 似乎 其实 到底 究竟 居然 竟然 果然 确实 当然 本来 原来 反正 几乎 一起 互相 先 后 然后 "
    "全 全部 一般 平时 平常 最近 通常 主要 尤其 具体 随便 稍微 略 毕竟 难道 只是 不过 起码 至少 多么 这么 那么 "
    "怎么 如此 相当 蛮 忒 老 总 曾经 曾 将 快 根本 完全 绝对 基本 本身 每次 每天 永远 终于 一下子 突然 感觉 "
    "仍然 仍 依然 并 并且 都是 不怎么"
)
MODALS = _set(
    "会 能 想 要 可以 应该 应 该 得 可 敢 肯 愿意 需要 打算 准备 希望 想要 能够 必须 不会 不能 不想 不要 不用 "
    "不敢 不可以 不该"
)
PREPOSITIONS = _set("在 从 和 跟 与 对 把 被 给 向 往 朝 离 到 为 为了 关于 对于 根据 按照 比 用 以 由 除了 像 跟着 同")
CONJUNCTIONS = _set(
    "因为 所以 但是 但 可是 而且 而 或者 或 如果 要是 虽然 即使 既然 只要 只有 无论 不管 以及 还有 不但 可 然而 那么"
)
PARTICLES = _set("的 地 得 着 了 过 滴 得地")
FINALS = _set("吗 么 呢 吧 啊 呀 哦 嘛 啦 呗 哈 耶 哇 哟 喔 噢 诶 麽 嘞 咯 喽 罢了 来着 而已 没 不 麻 呐 撒 捏")
"""What may close a sentence after its predicate; 没 and 不 there ask ("帅不")."""

FILLERS = _set(
    "嗯 嗯嗯 恩 恩恩 呃 额 哦 噢 喔 哎 唉 诶 欸 啊 哈 哈哈 哈哈哈 呵呵 嘿嘿 嘻嘻 哇 哇塞 喂 咦 噫 切 哼 呸 滚 "
    "错 天啊 天呐 我去 那个 就是 就是说 这个那个 然后 那 那么 那个那个 呀 对 对啊 对呀 对的 对对 是 是啊 是的 "
    "是呀 好 好的 好吧 好啊 行 行吧 没错 不是 不是吧 不是啊 不 没有 但 但是 可是 不过 其实 而且 所以 因为 话说 "
    "听说 据说 原来 反正 另外 还有 或者 求你了 拜托 不是啦 不对 不会吧 真的 真的吗 知道 知道吗 你知道吗 说真的 "
    "老实说 说实话 哎呀 哎呀呀 哈喽 不知道 当然 当然了 也许 可能 应该 大概 好像 果然 难怪 怪不得 没事 没关系 "
    "哼哼 哟哟 瞎说 来来来 看样子 看来 看样 貌似 "
    "那好 那好吧 那行 那就 那你 请问 麻烦 你好 您好 我想问一下 想问一下 问一下 我想问 我问你 问你"
)
"""What may stand before the clause proper without being its subject."""

TIMES = _set(
    "今天 明天 后天 昨天 前天 大后天 今晚 明晚 昨晚 今早 明早 早上 上午 中午 下午 晚上 傍晚 凌晨 夜里 现在 "
    "目前 今年 明年 去年 前年 后年 这周 下周 上周 周末 这个周末 下个周末 本周 周一 周二 周三 周四 周五 周六 "
    "周日 周天 星期一 星期二 星期三 星期四 星期五 星期六 星期日 星期天 礼拜一 礼拜二 礼拜三 礼拜四 礼拜五 "
    "礼拜六 礼拜天 春天 夏天 秋天 冬天 春节 国庆 国庆节 元旦 五一 中秋 以前 以后 之前 之后 未来 过去 当天 每天 "
    "平日 工作日 下个月 这个月 上个月 月底 年底 最近 白天 半夜"
)

FELT_VERBS = _set(
    "估计 觉得 认为 感觉 以为 听说 据说 知道 说 说说 猜 觉着 "
    "相信 发现 希望 确定 看来 没想到 怪不得 难怪 请问 想知道 记得 怀疑"
)
"""Verbs that take a clause: the place of a missing subject may be after them."""

OBJECT_VERBS = _set(
    "知道 认识 喜欢 爱 看 听 吃 玩 玩儿 去 买 喝 用 读 学 做 写 唱 打 养 教 找 查 介绍 讲 讲讲 说说 谈谈 聊聊 看看 "
    "听听 尝尝 试试 推荐 评价 了解 懂 同意 支持 讨厌 怕 害怕 想念 关注 使用 安装 下载 参加 见 碰 谈 聊 送 卖 "
    "借 拿 带 搜 搜索 发 要 需要 欣赏 崇拜 羡慕 嫌弃 反对 考虑 相信 选择 选 拥有 解决 预订 预约 订 描述 分析 "
    "解释 翻译 理解 明白 忘记 忘 记得 想吃 想看 想去 爱吃 爱看 爱玩 听说 听过 看过 去过 吃过 玩过 用过 读过 "
    "学过 见过 听说过 没看过 没听过 没去过 没吃过 没玩过 没用过 没见过 没听说过 喝过 养过 做过 买过 写过 唱过 "
    "打过 查查 找找 学学 教教 想听 想学 想买 想玩 吃吃 喝喝 读读 回答 打开 关掉 删除 修改 取消 换 解释一下 "
    "介绍一下 评价一下 讲一下 说一下 没有 有"
)
COPULAS = _set("是 叫 叫做 属于 算 不是 就是 也是 算是 还是 都是 才是 才不是 不就是")
IMPERATIVES = _set(
    "推荐 帮 帮我 帮忙 给 给我 请 找 查 订 预订 预约 写 翻译 打开 关闭 播放 播 放 来 搜索 搜 告诉 解释 计算 画 "
    "生成 提醒 设置 请问 麻烦 列 列出 总结 叫 讲 说 介绍 唱 发 送 买 教 教教 求 陪 让 想 去 做 选 换 点 看看 "
    "试试"
)
"""Verbs that open an order: the missing subject is the assistant."""

RELATIONAL = _set(
    "原名 本名 笔名 简称 中文名 品牌 牌子 口碑 性价比 销量 大意 续集 前奏 编曲 段位 "
    "作者 主人公 前锋 规则 人品 入场券 主力 前景 下载链接 女主角 精油 玩法 攻略 最新动态 近况 学历 身世 画风 "
    "设定 CP 大结局 反派 台词 技能 作者名 主角 男主角 男主 女主 主演 导演 演员 编剧 剧情 内容 结局 情节 故事 "
    "类型 风格 评分 票房 配角 原著 原唱 歌手 歌词 专辑 味道 口味 口感 价格 价钱 费用 票价 门票 地址 位置 电话 "
    "电话号码 营业时间 开放时间 评价 环境 服务 服务态度 人均 人均消费 招牌菜 特色 特色菜 菜单 天气 气温 温度 "
    "最高温度 最低温度 空气 空气质量 湿度 降水 人口 面积 首都 气候 特产 美食 小吃 景点 风景 海拔 历史 简介 "
    "介绍 资料 生日 年龄 身高 体重 星座 老婆 老公 丈夫 妻子 父母 父亲 母亲 爸爸 妈妈 儿子 女儿 孩子 女朋友 "
    "男朋友 国籍 籍贯 职业 代表作 代表作品 作品 成就 歌 新歌 图片 照片 视频 链接 名字 全名 英文名 别名 意思 "
    "原因 优点 缺点 好处 坏处 区别 用途 功能 配置 性能 屏幕 电池 续航 颜色 尺寸 大小 质量 售价 库存 尺码 材质 "
    "做法 原料 食材 步骤 方法 症状 治疗 副作用 用法 官网 网址 密码 版本 房型 早餐 停车场 游泳池 健身房 wifi "
    "WIFI Wi-Fi 房间 退房时间 入住时间 车次 航班 票 总部 创始人 老板 股价 市值 员工 校长 校训 专业 分数线 学费 "
    "排名 毕业生 地铁 交通 游玩时间 性格 颜值 演技 声音 长相 爱好 外号 真名 队友 球队 教练 主题曲 插曲 片尾曲 "
    "一等座 二等座 商务座 硬卧 软卧 热量 营养 卡路里 利率 利息 手续费 押金 月租 房租 面积 户型 费率 重量 体积 "
    "信号 内存 芯片 摄像头 音质 画质 副作用 疗效 剂量 禁忌 病因 起因 裁判 比分 比赛结果 首发 保质期 保修期 噪音 "
    "开头 结尾 里面 里边 里 书中 剧中 上映时间 片长 语言 声调 音乐 画面 特效 人物 角色"
)
"""Nouns that stand in relation to something else; alone they lack their owner."""

KIN = _set(
    "老婆 老公 丈夫 妻子 父母 父亲 母亲 爸爸 妈妈 儿子 女儿 孩子 女朋友 男朋友 老板 校长 教练 女友 男友 对象 "
    "同学 邻居 房间 票"
)
"""Relations that a talk can be about."""

GENERIC = _set(
    "影片 片子 专辑 单曲 唱片 艺人 奖项 景区 客人 影院 年度 剧组 名人 家庭 朋友 公司发行 该酒店 该餐馆 游戏 "
    "电影 零食 水果 歌 歌曲 书 小说 作家 诗人 产品 明星 星座 歌手 演员 动漫 动画 电视剧 城市 国家 地方 景点 "
    "餐厅 餐馆 饭店 酒店 运动 乐器 动物 手机 电脑 品牌 公司 学校 大学 组合 美食 菜 小吃 音乐 节目 综艺 剧 车 "
    "软件 应用 药 导演 女生 男生 人物 角色 本书 首歌 部电影 这个组合 咖啡馆 火锅店 川菜馆 中餐馆 咖啡"
)
"""Words for kinds of things; a member of the kind that was named is likelier meant."""

WEAK_NOUNS = _set(
    "你好 您好 谢谢 再见 旺季 淡季 身体 东西 时候 人 人们 感觉 问题 事 事情 地方 话 样子 意思 时间 一下 一个 "
    "一点 一种 一样 大家 方面 情况 关系 部分 有人 有些 个人 名字 人类 世界 生活 日子 机会 办法 结果 原因 开心 "
    "好听 好看 好吃 好玩 漂亮 今天 明天 现在 主人 纳尼 然后 啥 什么 么 宝宝 宝贝 亲爱的 小微 度 级 微风 东北风 "
    "东南风 西北风 西南风 北风 南风 东风 西风 多云 小雨 晴 阴 阵雨 大雨 中雨 雷阵雨 小于"
)
"""Nouns that hardly ever are what a follow-up is about."""

ADJECTIVES = _set(
    "免费 好看 好玩 好吃 好听 好喝 好用 好笑 好学 好香 难看 难吃 难听 难 容易 简单 复杂 贵 便宜 远 近 大 小 高 "
    "矮 胖 瘦 长 短 快 慢 冷 热 帅 美 丑 漂亮 可爱 厉害 棒 不错 可怕 恐怖 搞笑 无聊 有趣 有意思 精彩 感人 经典 "
    "有名 出名 红 火 安全 危险 方便 干净 安静 吵 辣 甜 酸 咸 苦 香 臭 新鲜 健康 重 轻 厚 薄 舒服 舒适 豪华 "
    "高档 实惠 划算 优惠 值得 靠谱 专业 严重 疼 痛 累 忙 多 少 早 晚 新 旧 老 年轻 聪明 笨 傻 坏 适合 暖和 "
    "凉快 热闹 清淡 油腻 正宗 地道 近点 便宜点 漂亮不 好不好 帅不帅 好看吗 一般 还行 凑合 神奇 优秀 温柔 善良 "
    "有钱 抽象 流行 火爆 感动 好 暖 帅气 好贵 太贵"
)

OPEN_VERBS = _set(
    "有雨 有雪 有风 讲 演 唱 拍 主演 出演 发行 上映 出版 出生 去世 死 结婚 离婚 毕业 开门 关门 营业 下雨 下雪 "
    "适合 包括 包含 含 提供 支持 在 位于 属于 值得 流行 出现 发生 开始 结束 停 关 开 变 长 活 获得 得 卖 叫 "
    "成立 创立 建立 建于 建造 防水 更新 完结 打折 送货 堵车 来自 出自 收费 刮风 升值 涨 跌 涨价 降价 发明 写 "
    "画 创作 作曲 作词 翻拍 有 没有 没 讲述 讲的 写的 唱的 演的 长什么样 住 表演 代言 参演 红 过时 火"
)
"""Verbs whose missing subject is what the talk is about."""

HEADS = _set(
    "酒店 宾馆 旅馆 民宿 餐厅 餐馆 饭店 饭馆 店 馆 景点 景区 公园 博物馆 地方 城市 国家 电影 片子 剧 电视剧 "
    "动漫 动画 动画片 书 小说 漫画 诗 文章 歌 歌曲 曲子 专辑 游戏 软件 应用 手机 电脑 相机 耳机 产品 东西 车 "
    "汽车 品牌 公司 学校 大学 医院 人 男人 女人 男生 女生 演员 歌手 作家 诗人 导演 明星 组合 乐队 团 球星 球员 "
    "球队 乐器 运动 菜 小吃 水果 药 病 动物 星座 座 问题 节目 综艺 词 成语 字 语言 时期 项目 活动 故事 作品 "
    "视频 剧集 名字 套餐 房间 航班 火车 家伙 孩子 美女 帅哥 小姐姐 小哥哥"
)
"""Nouns that a demonstrative comes with."""

DEGREES = _set("真 好 太 很 超 挺 最 非常 超级 特别 更 有点 有点儿 好像 真的")
"""Adverbs that a quality follows."""

WEATHER = _set("雨 雪 下雨 下雪 天气 气温 温度 热 冷 风 晴 多云 雾霾 带伞 穿 适合 空气 最低 最高")
"""Words that speak of the weather."""

TELLS = _set("教 教教 告诉 送 问 给 发给 帮")
"""Verbs with two objects: who is told, and what."""

LIGHT = _set("想 要 会 能 去 来 给 教 帮 帮我 给我 一起 请 让 爱 喜欢 打算 准备 可以")
"""Verbs that another verb may follow."""

DEFINITE = _set("景点 餐馆 餐厅 酒店 饭店 宾馆 电影 影片 片子 专辑 公司 公园 博物馆 这里 那里")
"""Nouns that, alone, mean the one of that kind that is talked of."""

FACES = _set("偷笑 委屈 害羞 坏笑 愉快 微笑 大笑 憨笑 流泪 抓狂 呲牙 调皮 得意 撇嘴 发呆 尴尬 惊讶")
"""What a face in a message is called where it was turned into text."""

ASPECTS = _set("过 了 着 到 完 一下 点 起 好 的 个")
"""What may stand between a verb and its object."""

GLUE = frozenset(["的", "是", "在", "和", "里", "里的", "，", "。", "、", "，不要", "除了"])
"""Everything a rewrite may add that the conversation did not say."""

CLASSIFIERS = "家个部本首款种间所座位名条只辆台套件场次项道支张份片句段篇集季期号班趟路栋处幅门双杯瓶碗盒步点类"

TAGS: dict[str, str] = {}
for _words, _tag in (
    (WEAK_NOUNS, "n"), (RELATIONAL, "n"), (OPEN_VERBS, "v"), (OBJECT_VERBS, "v"), (IMPERATIVES, "v"), (FELT_VERBS, "v"),
    (ADJECTIVES, "a"), (TIMES, "t"), (CONJUNCTIONS, "c"), (ADVERBS, "d"), (MODALS, "o"), (PREPOSITIONS, "p"),
    (COPULAS, "v"), (QUESTION_WORDS, "q"), (PARTICLES, "u"), (FINALS, "y"), (THIRD_PERSONS, "z"), (THIRD_THINGS, "z"),
    (PLACES_POINTED_AT, "z"), (TIMES_POINTED_AT, "z"), (FORMER, "z"), (LATTER, "z"), (PERSONS, "r"),
):  # fmt: skip
    TAGS.update(dict.fromkeys(_words, _tag))
TAGS.update(
    {"不": "d", "没": "d", "没有": "d", "在": "p", "有": "v", "好": "a", "得": "u", "那": "c", "这": "z", "其": "z"}
)
TAGS.update({"感觉": "v", "名字": "n", "意思": "n", "怎么": "q", "怎么样": "q", "是": "v", "想": "o", "要": "o"})
