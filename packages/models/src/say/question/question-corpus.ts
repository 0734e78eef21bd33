// Chat lines written for this project and labelled by hand: does the line ask the host for an answer or an act (1), or not
// (0)? No line is taken from a viewer or a data set; licence as the repository. One family = one topic and one way of
// writing, as if by one author; evaluation holds out whole families, so its wordings are unseen. Lines of a family are
// separated by `|`. See PROVENANCE.md.

import { MORE_QUESTION_FAMILIES } from './question-corpus-more.ts';

export type QuestionFamily = { readonly family: string; readonly language: string; readonly label: 0 | 1; readonly lines: string };

export const QUESTION_FAMILIES: readonly QuestionFamily[] = [
  {
    family: 'en-price',
    language: 'en',
    label: 1,
    lines:
      "how much|how much is the red one|price pls|price??|what's the price of the bag|how much for two|cost of the blue dress|can u tell the price again|i missed the price sorry|how much is it with the code|is 49 the final price|price for the set please|whats it cost in euro|how many dollars is that|hm for the earrings|pp",
  },
  {
    family: 'en-size',
    language: 'en',
    label: 1,
    lines:
      "size m pls|do you have xl|is it true to size|what size are you wearing|does it run small|im 5'4 and 130 lbs which size|size for 60kg|does the medium fit a 38|any plus sizes|is the small really small|what size should i take if im between s and m|sizing chart please|xl or xxl for bust 104|how long is the sleeve|measurements please|inseam length pls|does it come in petite|would a 7 fit a narrow foot",
  },
  {
    family: 'en-stock',
    language: 'en',
    label: 1,
    lines:
      "is it still available|any left|are the green ones sold out|how many are left|when will you restock|restock the black one please|do u still have the candle|is size s gone already|back in stock when|will there be more tomorrow|can you check if there's one more|any chance of getting the old model|is this limited|hold one for me please|still got the large in white",
  },
  {
    family: 'en-shipping',
    language: 'en',
    label: 1,
    lines:
      'do you ship to canada|how long does shipping take|is shipping free|when will it arrive|shipping cost to germany|u guys deliver to texas|delivery time to the uk please|can i pick it up in store|which courier do you use|do i pay customs|can it arrive before friday|express shipping possible|will it get here by xmas|ship to po box?|what about shipping for two items|combine my orders please|free shipping over how much',
  },
  {
    family: 'en-order',
    language: 'en',
    label: 1,
    lines:
      "where is my order|my order 4821 hasn't come yet can you check|i didn't get a confirmation email what do i do|how do i cancel|can i change my address|please cancel my last order|can i add one more to my order|i paid twice help|why was my card declined|my tracking doesn't work can someone look|how do i change the colour after ordering|did my order go through|order number please|can you resend the invoice|who do i contact about a broken cup",
  },
  {
    family: 'en-discount',
    language: 'en',
    label: 1,
    lines:
      "any discount code|is there a coupon|what's the code again|code pls|does the code work on sale items|can we get 10 percent off|student discount?|bundle deal for three please|any deals for new customers|can you do 40|lower the price a bit pls|is that the best price|do we get a gift with it|when does the sale end|can i use two coupons",
  },
  {
    family: 'en-material',
    language: 'en',
    label: 1,
    lines:
      "is it real leather|what is it made of|is this cotton|does it shrink in the wash|can i machine wash it|is it waterproof|will it fade|is the gold real|what's the fabric|is it see through|does it stretch|how heavy is it|is the lining silk or polyester|can you iron it|hypoallergenic or not|nickel free?|does it smell|is it itchy on the skin",
  },
  {
    family: 'en-show',
    language: 'en',
    label: 1,
    lines:
      'can you show the back|show the blue one please|turn it around pls|try it on please|can we see it on|show us the inside|zoom in on the stitching|put it next to your hand so we see how big it is|let me see the pink one again|could you walk a bit in them|show the label|hold it closer to the camera|open the box plz|compare it with the other one|go back to the first jacket pls|can we see the sole|please demo the pump',
  },
  {
    family: 'en-colour',
    language: 'en',
    label: 1,
    lines:
      'does it come in black|what colours do you have|is that navy or black|any other color|do you have this in beige|which shade for fair skin|is it more pink or more orange|in green please|other colors?|is the white one pure white or cream|what shade are you wearing|does the red look darker in person|got it in gray|will you have purple',
  },
  {
    family: 'en-link',
    language: 'en',
    label: 1,
    lines:
      "link please|link?|where can i buy this|how do i order|where is the link|drop the link|pin the link pls|send link|i can't find it in the shop|where do i click|how do i check out|what number is it in the list|item number pls|can you pin the skirt|cart button not working what now|is it on the website too|whats the name of the product",
  },
  {
    family: 'en-device',
    language: 'en',
    label: 1,
    lines:
      'does it work with iphone 15|is it compatible with android|how long does the battery last|does it come with a charger|usb c or lightning|will it fit a 13 inch laptop|how many watts|does it support fast charging|which voltage|can i use it without wifi|is bluetooth 5 supported|does the lid lock|how many liters|is it loud|does it work on 110v|can it go in the dishwasher|oven safe?',
  },
  {
    family: 'en-return',
    language: 'en',
    label: 1,
    lines:
      "what's your return policy|can i return it if it doesn't fit|how many days to return|is there a warranty|who pays return shipping|refund or store credit|can i exchange the size|what if it breaks|do you repair them|are sale items final|how long is the guarantee|i want to send it back how|need a refund please|money back?",
  },
  {
    family: 'en-care',
    language: 'en',
    label: 1,
    lines:
      "is it ok for sensitive skin|can i use it while pregnant|safe for kids?|is it vegan|tested on animals or not|does it contain alcohol|how often should i use it|before or after moisturizer|good for oily skin|what's the spf|any parabens|can my 3 year old use it|is it gluten free|how many calories|does it have nuts|when does it expire|how do i store it",
  },
  {
    family: 'en-show-time',
    language: 'en',
    label: 1,
    lines:
      "when is the next live|what time tomorrow|will there be a replay|how long are you live today|are you live on sunday|when do you start|is this recorded|can i watch it later|what's coming next|are you showing shoes today|when will you do the giveaway|how do i enter the giveaway|who won|did i miss the bags|what did she say|can you repeat that|say that again please|could you slow down a bit",
  },
  {
    family: 'en-advice',
    language: 'en',
    label: 1,
    lines:
      "which one is better|what would you pick for a wedding|is it good for a gift|would this suit a 50 year old|what goes with it|can i wear it to work|any recommendation for dry hair|help me choose between the two|which is warmer|is the pro worth it|what do you think of the green with brown shoes|need something for my mom under 30|looking for a present for a boy age 6 any ideas|what's the difference between the two|which would you take for winter",
  },
  {
    family: 'en-host',
    language: 'en',
    label: 1,
    lines:
      "where are you from|what's your lipstick|where did you get that necklace|what's the song|who makes your jacket|how tall are you|what is the name of your dog|are you in london now|how long have you been doing this|is that your sister|what camera do you use|can you say hi to my daughter|say hi to brazil please|shout out to my mum pls|what are you drinking",
  },
  {
    family: 'en-tech-trouble',
    language: 'en',
    label: 1,
    lines:
      "can anyone hear her|why is there no sound|is it lagging for anyone else|can you turn the volume up|fix the mic please|turn the music down we can't hear|move the light a bit|why is the video black|is the stream frozen|could you bring the camera closer|sound pls|hello can you hear us|mic?|the picture is blurry can you focus",
  },
  {
    family: 'en-typos',
    language: 'en',
    label: 1,
    lines:
      'hw much iz it|wat size is dat|wen is da restock|cn i get a link plss|doez it come in blk|r u shipping 2 ireland|iz dis legit|wats da code|hlo price of this 1|plz shw the bag agn|any1 knw the size|cud u tell material|wer is it made|did u say 20 or 30|hav u got it in sml',
  },
  {
    family: 'en-made',
    language: 'en',
    label: 1,
    lines:
      "where is it made|is it handmade|who designed it|is this the original or a copy|what brand is this|is it the new version|which year is the model|is it authentic|does it come with a certificate|made in italy or china|are you the manufacturer|is it the same as last week|what's in the box|how many pieces in the set|does the set include the lid|is the strap removable",
  },
  {
    family: 'en-indirect',
    language: 'en',
    label: 1,
    lines:
      "i'd like to know the width|just wondering if you ship abroad|not sure which size i need|i want to know if it has pockets|tell me about the fabric|curious whether it folds|would love to see the green one|i need the measurements|let us know when it's back|wondering about the warranty|please explain how the strap works|tell us the price before you go on|i can't decide between m and l|please put it on the mannequin",
  },
  {
    family: 'en-wholesale',
    language: 'en',
    label: 1,
    lines:
      'do you sell wholesale|minimum order for shops|can i get an invoice for my company|do you take paypal|can i pay in installments|is klarna ok|cash on delivery possible|do you accept amex|apple pay?|can you engrave a name|custom sizes possible|is gift wrap available|can you write a card for me|need 50 pieces by june is that possible|bulk price please',
  },
  {
    family: 'en-bank-like',
    language: 'en',
    label: 1,
    lines:
      "why was i charged a fee|how do i update my payment method|my refund is not showing up|i was charged the wrong amount what should i do|is there a limit on orders per account|how can i delete my account|i forgot my password|the app won't let me pay|i still have not received my parcel|what currencies do you take|my discount was not applied, please fix it|can i have two accounts|there's a payment i don't recognise",
  },
  {
    family: 'en-greet',
    language: 'en',
    label: 0,
    lines:
      "hi|hello everyone|hey from texas|good morning all|hi there 👋|hello from brazil|heyyy|good evening lovely people|im here|just joined|first time here|hi sarah|happy friday everyone|made it just in time|back again|hey girl hey|hiiii|greetings from norway|whats up everyone|how are you all today?|how's everybody doing?",
  },
  {
    family: 'en-praise',
    language: 'en',
    label: 0,
    lines:
      "love it|so pretty|gorgeous!!|that color is amazing|beautiful dress|wow|omg i love this|you look stunning|best show ever|that is so cute|obsessed|this is perfect for summer|i adore these shoes|great quality|you're the best|nice|so elegant|really nice fabric|what a beautiful bag|how cute is that|how pretty!|what a deal!",
  },
  {
    family: 'en-laugh',
    language: 'en',
    label: 0,
    lines:
      "lol|hahaha|😂😂😂|lmao|im dying|haha you're funny|🤣|rofl|that was hilarious|omg stop|hahahah same|lol true|xd|she is so funny|dead 💀|hehe|not the dog again lol|lolol what was that",
  },
  {
    family: 'en-bought',
    language: 'en',
    label: 0,
    lines:
      "just bought it|ordered two|got mine!|i bought the blue one|done ✅|paid|added to cart|mine arrived yesterday and i love it|bought three for my sisters|order placed|i have this one already and it's great|sold!|just checked out|i got the last one yay|mine came in two days|i'll take it|take my money|ordered in black size m",
  },
  {
    family: 'en-react',
    language: 'en',
    label: 0,
    lines:
      'yes|no|yesss|ok|okay thanks|thank you|thanks so much|ty|same|me too|agreed|true|nope|sure|i see|got it|oh nice|right|perfect thanks|great thank you for answering|ahh ok makes sense|will do|cool|noted',
  },
  {
    family: 'en-rhetorical',
    language: 'en',
    label: 0,
    lines:
      "really???|omg who else is crying?|see?|right?|are you kidding me?|is it just me or is this stunning?|who doesn't love pink?|why am i like this?|how is she this funny?|what??|what is life?|can you believe it?|isn't she lovely?|who else is broke now? lol|seriously?|why do i always want everything?|do i need it? no. will i buy it? yes|you had me at velvet, ok?|wait what?",
  },
  {
    family: 'en-self',
    language: 'en',
    label: 0,
    lines:
      "i have 4 kids so no time for ironing|im at work watching this|my husband will kill me|i wore mine to a wedding|i usually take a medium and it fits|i'm 5'6 and the small is perfect|i live in ohio|we had snow today|my dog is barking at the screen|i need to stop shopping|i have too many bags already|i bought the size 38 and it fits well|mine has lasted three years|i washed it at 30 and it was fine|my mom has the same one|i want everything|i can't afford it now|watching from the train",
  },
  {
    family: 'en-answer',
    language: 'en',
    label: 0,
    lines:
      "she said 49 dollars|it's in the link above|they ship worldwide|shipping takes about 5 days|the code is LIVE10|it runs small so size up|no only in black|yes it has pockets|it's cotton|click on the cart at the bottom|it was sold out last week too|they restock on monday|size m is gone|the price is on the screen|item number 7|you can return it within 30 days|how much it costs is on the card|where to order is in the pinned comment",
  },
  {
    family: 'en-spam',
    language: 'en',
    label: 0,
    lines:
      'follow me for free gifts|check out my page|www.cheap-bags.example|i make 500 a day from home|join my channel|https://spam.example/win|sub4sub|free followers at my bio|first!!!|aaaaaaaa|asdfghjkl|.|123|like like like|spam the hearts|❤️❤️❤️❤️|🔥🔥🔥|🎉🎉|💯|👏👏👏👏',
  },
  {
    family: 'en-bye',
    language: 'en',
    label: 0,
    lines:
      'bye everyone|good night|gotta go|see you tomorrow|have to run, great show|bye bye 👋|off to bed|thanks for the show|take care|see ya|till next time|dinner time bye|leaving now but loved it|night night|brb',
  },
  {
    family: 'en-complain',
    language: 'en',
    label: 0,
    lines:
      "too expensive|that's a lot of money|not my style|i don't like the color|mine broke after a week|the last one i bought was too big|shipping was so slow last time|boring|too many ads|i missed the sale again|always sold out when i come|the zipper on mine is stiff|meh|i prefer the old one|so sad it's gone|price went up again|ugh my size is never there",
  },
  {
    family: 'en-wonder-not',
    language: 'en',
    label: 0,
    lines:
      "what i love about this brand is the colours|when i wear it everyone compliments me|which is why i bought two|how she explains things is so clear|where i live it never rains|whoever designed this is a genius|i know how to style it already|no idea why but i love it|can't wait to wear it|could watch this all day|would buy again|do love a good bargain|is what it is|whatever, i'm getting both|if it was in green i'd buy it|can not stop watching|please never change|have a nice day",
  },
  {
    family: 'en-chat-topic',
    language: 'en',
    label: 0,
    lines:
      "the match last night was crazy|anyone who knows me knows i love shoes|monday again|it's raining here|coffee time ☕|i just finished work|my cat loves the box|pizza for dinner|christmas is coming|team green|team red all the way|blue is the best|number 2 is my favorite|i vote for the black one|going with the beige|that song is stuck in my head|2024 is my year|the lighting is great today",
  },
  {
    family: 'en-hype',
    language: 'en',
    label: 0,
    lines:
      "go go go|let's gooo|hurry up people it's almost gone|don't miss it guys|you guys need this|buy it now you won't regret it|10/10|five stars|best purchase of the year|run don't walk|get it girl|yes queen|slay|fire|bring it on|so excited|can't wait|finally!!|here we go|omg omg omg",
  },
  {
    family: 'zh-price',
    language: 'zh',
    label: 1,
    lines:
      '多少钱|这个多少钱|价格多少|怎么卖|几块钱一个|两件多少|能便宜点吗|有优惠券吗|券怎么领|再说一下价格|现在下单多少|红色那个啥价|到手价多少|什么价位|包包多少米|报个价呗|满减怎么算|還有折扣嗎',
  },
  {
    family: 'zh-size',
    language: 'zh',
    label: 1,
    lines:
      '有没有大码|m码还有吗|一米六穿什么码|120斤穿多大|偏大还是偏小|尺码表发一下|主播穿的什么码|胖子能穿吗|身高165体重55选哪个|有xl吗|脚宽穿几码|38码有没有|裤长多少|肩宽几厘米|小个子能驾驭吗|腰围多少|童装有120的吗',
  },
  {
    family: 'zh-stock',
    language: 'zh',
    label: 1,
    lines:
      '还有货吗|什么时候补货|黑色还有吗|是不是卖完了|库存还有多少|能再上一点吗|抢不到怎么办|再加点库存吧|有现货吗|预售多久发|s码没了吗|求补货|链接怎么下架了|还会再上吗|给我留一件',
  },
  {
    family: 'zh-ship',
    language: 'zh',
    label: 1,
    lines:
      '包邮吗|什么时候发货|发什么快递|几天能到|新疆发吗|香港可以寄吗|运费多少|能发顺丰吗|今天下单明天能到吗|偏远地区包邮不|从哪里发货|可以到付吗|国外能寄吗|我的快递怎么还没到|帮我催一下发货|单号查不到',
  },
  {
    family: 'zh-link',
    language: 'zh',
    label: 1,
    lines:
      '链接在哪|求链接|几号链接|怎么拍|在哪里买|上链接|上个链接|小黄车在哪|怎么下单|找不到链接|发一下链接|第几个|点哪里付款|店铺叫什么|口红是几号|購物車在哪裡',
  },
  {
    family: 'zh-show',
    language: 'zh',
    label: 1,
    lines:
      '看看背面|能试穿一下吗|试一下白色|近一点看看|讲一下3号|转一圈看看|看下细节|可以上身看看吗|麻烦对比一下两款|把盒子打开看看|想看蓝色的|再看一下那双鞋|主播走两步|镜头拉近点|介绍一下面霜|讲解一下5号链接|放在手上看看大小',
  },
  {
    family: 'zh-material',
    language: 'zh',
    label: 1,
    lines:
      '是纯棉的吗|什么材质|会掉色吗|会起球吗|可以机洗吗|是真皮吗|透不透|厚不厚|有弹力吗|夏天穿热不热|里面加绒没|会缩水不|是银的还是合金|扎不扎人|敏感肌能用吗|孕妇可以用吗|保质期多久|含酒精吗',
  },
  {
    family: 'zh-return',
    language: 'zh',
    label: 1,
    lines:
      '可以退吗|七天无理由吗|有运费险吗|不合适能换吗|怎么退款|质保几年|坏了怎么办|退货地址在哪|保修吗|拍错了怎么取消|能开发票吗|假一赔几|售后找谁|退款什么时候到账|想换个颜色怎么操作',
  },
  {
    family: 'zh-advice',
    language: 'zh',
    label: 1,
    lines:
      '哪个好看|送妈妈选哪款|黄皮适合哪个颜色|两款有什么区别|怎么搭配|油皮用哪个|推荐一款送男朋友的|适合学生吗|显黑吗|哪个更保暖|买一个还是两个划算|四十岁能穿吗|配什么裤子好|新手用哪种|求推荐|帮我选一个',
  },
  {
    family: 'zh-live',
    language: 'zh',
    label: 1,
    lines:
      '明天几点播|有回放吗|下一个是什么|什么时候抽奖|怎么参加抽奖|中奖名单在哪看|主播叫什么|主播多高|刚才说了什么|能再说一遍吗|声音小能大点吗|背景音乐叫啥|卡了怎么回事|今天播到几点|福袋怎么抢|讲慢一点可以吗|怎么没声音',
  },
  {
    family: 'zh-device',
    language: 'zh',
    label: 1,
    lines:
      '苹果能用吗|带充电器吗|电池能用多久|支持快充不|多少瓦的|声音大不大|能连蓝牙吗|是几代的|送壳吗|内存多大|一次能煮几个人的饭|可以放洗碗机吗|容量是多少升|要不要装软件|国外电压能用吗',
  },
  {
    family: 'zh-yesno',
    language: 'zh',
    label: 1,
    lines:
      '有没有赠品|是不是正品|能不能刷信用卡|可不可以刻字|会不会断货|要不要预约|是不是限量|有木有粉色|能分期不|送不送袋子|有礼盒么|是国产的么|旗舰店有卖么|学生有优惠没|能用红包不',
  },
  {
    family: 'zh-hant',
    language: 'zh',
    label: 1,
    lines:
      '請問有黑色嗎|這件多少錢|台灣可以寄嗎|什麼時候到貨|有沒有大一點的|怎麼付款|可以貨到付款嗎|想看後面|是什麼材質|會不會褪色|請問尺寸|可以退換嗎|麻煩給連結|運費怎麼算|哪一款比較好',
  },
  {
    family: 'zh-greet',
    language: 'zh',
    label: 0,
    lines:
      '主播好|大家好|来了|来啦来啦|晚上好|我又来了|刚下班|第一次来|早上好呀|报到|前排|打卡|新粉|山东的来了|哈喽|姐妹们好|终于赶上了|我來了',
  },
  {
    family: 'zh-praise',
    language: 'zh',
    label: 0,
    lines:
      '好看|太美了|真漂亮|绝了|爱了爱了|主播好美|好喜欢|质量很好|颜色好正|显白|太可爱了|这个真不错|性价比高|好有气质|仙女|回购第三次了|超级好用|多好看啊|怎么这么好看|這個好美',
  },
  {
    family: 'zh-laugh',
    language: 'zh',
    label: 0,
    lines: '哈哈哈哈|笑死|哈哈哈主播太逗了|233333|笑不活了|嘿嘿|哈哈|hhhh|太搞笑了|绷不住了|😂😂|乐死我了|救命哈哈哈|xswl',
  },
  {
    family: 'zh-bought',
    language: 'zh',
    label: 0,
    lines:
      '已拍|拍了|拍了两件|已下单|抢到了|付款了|买了买了|已付|秒了|昨天的收到了很满意|买过很好用|下单成功|囤了三盒|已经加购|抢到啦开心|拍好了|我买的黑色|收到貨了很喜歡',
  },
  {
    family: 'zh-react',
    language: 'zh',
    label: 0,
    lines:
      '好的|谢谢|谢谢主播|知道了|嗯嗯|可以|没有|是的|对对对|不是|收到|明白了|哦哦|好吧|行|同意|我也是|想要|要要要|1|666|111|支持|感谢解答',
  },
  {
    family: 'zh-self',
    language: 'zh',
    label: 0,
    lines:
      '我一米六穿m刚好|我妈也有一件|我家孩子很喜欢|我在上班偷偷看|钱包空了|这个月吃土|不能再买了|老公不让买|我买了三年了|上次买的还没用完|我油皮用着不错|我这边下雨了|没抢到好难过|我已经有两个了|我喜欢白色|等发工资|第一次网购就翻车',
  },
  {
    family: 'zh-answer',
    language: 'zh',
    label: 0,
    lines:
      '在3号链接|包邮的|点小黄车|偏大一码|主播说了49|七天可以退|有运费险|黑色没了|明天补货|纯棉的|刚才讲过了|在右下角|多少钱屏幕上有写|怎么领券公告里有|什么码看尺码表就行|48小时内发货|不掉色|有现货',
  },
  {
    family: 'zh-rhetorical',
    language: 'zh',
    label: 0,
    lines:
      '真的假的？|不会吧？|是吧？|谁懂啊|谁能拒绝呢？|这谁顶得住啊？|怎么回事我又下单了|为什么我这么穷？|还能这样？|什么神仙颜色|怎么这么便宜|我是谁我在哪|这不香吗？|有谁跟我一样穷吗？哈哈|啥都想买怎么破|对不对？',
  },
  {
    family: 'zh-hype',
    language: 'zh',
    label: 0,
    lines: '冲冲冲|快抢|姐妹们冲|手慢无|上车|买它|闭眼入|不买后悔|主播加油|点点关注|刷起来|点赞到十万|加油加油|开抢了|马上没了快点|衝啊',
  },
  {
    family: 'zh-complain',
    language: 'zh',
    label: 0,
    lines:
      '太贵了|不好看|颜色不喜欢|上次发货太慢|质量一般|又没抢到|网卡|有点贵|不适合我|之前买的掉色|客服不回人|假的吧|套路|价格涨了|没意思|走了',
  },
  {
    family: 'zh-topic',
    language: 'zh',
    label: 0,
    lines:
      '今天好冷|下雨了|吃饭去了|周末愉快|拜拜|晚安|先睡了|明天见|什么都好吃|我选红色|红色好看|蓝色党|2号好看|主播今天换发型了|灯光很好|背景音乐好听|快过年了|孩子哭了先下了',
  },
  {
    family: 'es-ask',
    language: 'es',
    label: 1,
    lines:
      'cuánto cuesta|cuanto vale el rojo|tienen talla m|hacen envíos a méxico|de qué material es|me pasas el link|cuando llega|hay en negro|precio por favor|se puede devolver|muestra la parte de atrás por favor|qué talla llevas|dónde lo compro|sigue disponible',
  },
  {
    family: 'es-talk',
    language: 'es',
    label: 0,
    lines:
      'hola a todos|qué bonito|me encanta|ya lo compré|jajaja|gracias|hermoso color|saludos desde perú|el mío llegó ayer|te queda muy bien|muy caro para mí|buenas noches|sí|lo quiero',
  },
  {
    family: 'de-ask',
    language: 'de',
    label: 1,
    lines:
      'was kostet das|gibt es das in größe l|wie lange dauert der versand|ist das echtes leder|bitte nochmal zeigen|habt ihr das auch in blau|wo finde ich den link|kann man das waschen|wann gibt es wieder nachschub|preis bitte|fällt es groß aus|liefert ihr nach österreich',
  },
  {
    family: 'de-talk',
    language: 'de',
    label: 0,
    lines:
      'hallo zusammen|sehr schön|habe ich gekauft|danke|tolle farbe|liebe grüße aus köln|meins ist gestern angekommen|zu teuer|haha|gute nacht|ich nehme zwei|das habe ich schon|super qualität',
  },
  {
    family: 'fr-ask',
    language: 'fr',
    label: 1,
    lines:
      "c'est combien|vous livrez en belgique|il y a du 42|c'est quelle matière|le lien svp|ça taille petit|quand est-ce que ça arrive|montrez le dos svp|prix svp|vous avez en vert|on peut rembourser|combien de temps la livraison",
  },
  {
    family: 'fr-talk',
    language: 'fr',
    label: 0,
    lines:
      "bonjour à tous|trop beau|j'adore|je viens de commander|merci|mdr|très jolie couleur|bisous de lyon|le mien est arrivé|trop cher|bonne soirée|oui|je le prends",
  },
  {
    family: 'ja-ask',
    language: 'ja',
    label: 1,
    lines:
      'いくらですか|サイズはありますか|送料はいくら|いつ届きますか|黒はありますか|素材は何ですか|リンクください|もう一度見せてください|返品できますか|在庫まだありますか|洗濯できますか|背中を見せて',
  },
  {
    family: 'ja-talk',
    language: 'ja',
    label: 0,
    lines: 'こんばんは|かわいい|買いました|ありがとう|きれい|笑|すごい|昨日届きました|欲しい|高いなあ|お疲れ様です|大好き',
  },
  {
    family: 'id-ask',
    language: 'id',
    label: 1,
    lines:
      'berapa harganya|masih ada kak|ukuran l ada|spill link kak|bisa cod gak|bahannya apa|kirim ke bandung bisa|ongkir berapa|warna hitam ada gak|coba tunjukin belakangnya kak|muat berapa kg|kapan restock',
  },
  {
    family: 'id-talk',
    language: 'id',
    label: 0,
    lines:
      'hai kak|bagus banget|sudah checkout|makasih kak|cantik|lucu banget|punyaku udah sampai|mahal ya|wkwkwk|hadir kak|suka warnanya|mantap',
  },
];

export type LabelledMessage = { readonly text: string; readonly label: 0 | 1; readonly family: string; readonly language: string };

// Requests keep a mark out ("link please?" is rare); of the other lines that ask, every second one carries it.
const REQUEST = /\b(?:pls|plz|plss|please|por favor|bitte|svp)\b|求|麻烦|麻煩|请|帮我|看看|ください|見せて/u;

/** The corpus line by line, in order. Punctuation as in chat: about two in five of the asking lines carry a question mark. */
export function questionCorpus(): LabelledMessage[] {
  return [...QUESTION_FAMILIES, ...MORE_QUESTION_FAMILIES].flatMap(({ family, language, label, lines }) =>
    lines.split('|').map((line, place) => {
      const marked = label === 1 && place % 2 === 0 && !REQUEST.test(line) && !/[?？]$/u.test(line);
      return { text: marked ? `${line}${language === 'zh' || language === 'ja' ? '？' : '?'}` : line, label, family, language };
    }),
  );
}
