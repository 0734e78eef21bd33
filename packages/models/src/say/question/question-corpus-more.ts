// More lines for the question corpus, by the same hand and rules (see PROVENANCE.md): languages besides English and Chinese,
// and customers who describe a trouble instead of asking, as they do in a shop's support chat.
import type { QuestionFamily } from './question-corpus.ts';

export const MORE_QUESTION_FAMILIES: readonly QuestionFamily[] = [
  {
    family: 'en-trouble',
    language: 'en',
    label: 1,
    lines:
      "my parcel never came i want my money back|the zip is broken i need a replacement|i was charged twice, please fix it|my discount code is not working|i can't log in to my account|the app says my payment failed|i still have not got my refund|i need to change the address on my order|the top up didn't go through, what now|tell me how to return these|explain the warranty to me|i would like to know about your delivery times|i'd like to cancel my subscription|looking for a bag that fits a laptop|i need help choosing a size|not sure which shade to take for pale skin|my card got rejected at checkout and i don't know why|need this by saturday, is that doable",
  },
  {
    family: 'en-either',
    language: 'en',
    label: 1,
    lines:
      'red or blue, which suits me better|small or medium for 170 cm|wool or cotton|with lid or without|left or right handed|is there one for kids too|anything similar but cheaper|same thing in leather maybe|what happens if it breaks|whose brand is that|who made it|where do you source the wood|why is the price different online|how come the site says sold out|by when do i have to pay|since when do you sell these|how often do you go live|how old is this design|what else is coming tonight|what about vegans',
  },
  {
    family: 'en-tell',
    language: 'en',
    label: 0,
    lines:
      'what a lovely evening|how nice to see you again|i know what i want now|that is why i come here|this is where i bought mine|when i was young we had one too|i love how it moves|you know what i mean|who cares honestly|no idea lol|i have been waiting for this all week|it arrived in two days|mine is blue and i wear it daily|works well with my old lamp|i ordered three already|she asked the same last week|they have it in every colour|will definitely buy|can confirm it is soft|do not miss this one guys|is so good|are so pretty|would recommend',
  },
  {
    family: 'es-ask-2',
    language: 'es',
    label: 1,
    lines:
      '¿cuánto cuesta el rojo|qué tallas quedan|hacen envíos a méxico|cuánto tarda en llegar|de qué está hecho|tienen en color negro|me pasas el link porfa|lo puedo devolver después|hay descuento por dos|aceptan paypal|puedo pagar contra entrega|sirve para el lavavajillas|enseña el forro por favor|cómo hago el pedido|dónde compro|queda alguno en talla m|es piel de verdad|cuándo vuelven a tener stock|a qué hora es el próximo directo|no me llegó el correo, qué hago|quiero saber si es resistente al agua|necesito una talla más grande|viene con caja',
  },
  {
    family: 'es-talk-2',
    language: 'es',
    label: 0,
    lines:
      'qué preciosidad|me encanta ese color|ya hice mi pedido|saludos desde lima|jajaja me muero|gracias por la info|qué lindo vestido|yo tengo uno igual|es muy cómodo|llegó ayer y es perfecto|está carísimo|buenas noches a todos|me lo llevo|qué risa|cómo te queda de bien|la mejor tienda|siempre compro aquí|hola hermosa|el mío es azul|felicidades|aquí apoyando|está agotado ya lo dijo|no me gusta tanto',
  },
  {
    family: 'pt-ask',
    language: 'pt',
    label: 1,
    lines:
      'quanto custa|tem no tamanho m|entrega em portugal|qual o prazo de entrega|é de couro mesmo|tem na cor preta|manda o link por favor|posso trocar depois|aceita pix|parcela em quantas vezes|mostra de perto por favor|ainda tem estoque|quando chega mais|serve em quem usa 42|qual o valor do frete|dá pra lavar na máquina|onde eu compro|como faço o pedido|o preço é o mesmo no site|vem com garantia|quero saber o tamanho da alça|tem desconto pra duas|pode mostrar atrás|vocês têm no tamanho 44|vocês entregam no interior',
  },
  {
    family: 'pt-talk',
    language: 'pt',
    label: 0,
    lines:
      'que lindo|amei essa cor|já comprei|beijos de recife|kkkkk|obrigada|que vestido maravilhoso|o meu chegou ontem|muito caro|boa noite gente|vou levar|eu tenho um igual|é muito confortável|adorei a live|melhor loja|como você é linda|tô sem dinheiro|oi pessoal|perfeito|a qualidade é ótima|já falaram que acabou|sempre compro com vocês|parabéns',
  },
  {
    family: 'de-ask-2',
    language: 'de',
    label: 1,
    lines:
      'wie viel kostet die tasche|gibt es das noch in schwarz|welche größe trägst du|was ist das für ein material|kann ich das umtauschen|ist der versand kostenlos|wann kommt mein paket|passt das bei 180 cm|ich brauche eine größere größe|wo kann ich bestellen|könnt ihr das bitte von hinten zeigen|nehmt ihr paypal|hält das auch bei regen|welche farben gibt es|schickst du mir den link bitte|habt ihr einen rabattcode|ist das limitiert|mein code geht nicht, was tun|kommt das mit deckel|wie lange habe ich garantie|darf das in den trockner|wer hat das entworfen|sind die ohrringe nickelfrei',
  },
  {
    family: 'de-talk-2',
    language: 'de',
    label: 0,
    lines:
      'wie schön|was für ein kleid|guten abend|hab ich schon bestellt|wow die farbe|ich liebe es|meine ist heute gekommen|viel zu teuer für mich|danke dir|ist echt bequem|kann ich nur empfehlen|das steht dir super|bin begeistert|grüße aus wien|die sind ausverkauft, hat sie gesagt|mega|so süß|wieder eine tolle sendung|hatte ich letztes jahr auch|passt perfekt|schlaft gut|hahaha stimmt|gekauft',
  },
  {
    family: 'fr-ask-2',
    language: 'fr',
    label: 1,
    lines:
      "combien coûte le sac|est-ce que vous livrez en suisse|quelles tailles il reste|c'est du vrai cuir|vous l'avez en noir|je peux l'échanger|les frais de port sont à combien|quand est-ce que je le reçois|ça va au lave-vaisselle|où est-ce qu'on commande|vous pouvez montrer l'intérieur s'il vous plaît|il y a une réduction pour deux|comment on paie|je voudrais savoir si c'est étanche|quelle est la différence entre les deux|ça taille comment|mon code ne marche pas, je fais quoi|il en reste en m|envoyez le lien svp|c'est garanti combien de temps|vous serez là demain|qui a dessiné ça|pourquoi c'est plus cher en boutique",
  },
  {
    family: 'fr-talk-2',
    language: 'fr',
    label: 0,
    lines:
      "comme c'est joli|quelle belle couleur|j'ai déjà commandé|bonsoir tout le monde|merci beaucoup|le mien est arrivé hier|c'est trop cher pour moi|ça te va si bien|coucou de bruxelles|j'en ai un pareil|super qualité|je prends les deux|ptdr|parfait|toujours au top|elle a dit que c'est épuisé|bonne nuit|j'adore cette émission|vivement demain|magnifique|c'est très confortable|je confirme|bravo",
  },
  {
    family: 'it-ask',
    language: 'it',
    label: 1,
    lines:
      "quanto costa|avete la taglia m|spedite in svizzera|di che materiale è|c'è anche in nero|posso cambiarlo|quando arriva|mi mandi il link per favore|si può lavare in lavatrice|dove si compra|quali colori ci sono|fate lo sconto per due|mi fai vedere il retro per favore|quanto è alto",
  },
  {
    family: 'it-talk',
    language: 'it',
    label: 0,
    lines:
      'che bello|adoro questo colore|già comprato|ciao a tutti|grazie mille|il mio è arrivato ieri|troppo caro|ti sta benissimo|saluti da torino|ahahah|perfetto|lo prendo|ottima qualità|buonanotte',
  },
  {
    family: 'ko-ask',
    language: 'ko',
    label: 1,
    lines:
      '얼마예요|사이즈 있어요|배송 언제 와요|검정색 있나요|소재가 뭐예요|링크 주세요|다시 보여주세요|환불 되나요|재입고 언제 해요|세탁기 돌려도 돼요|키 160인데 맞을까요|할인 코드 알려주세요',
  },
  {
    family: 'ko-talk',
    language: 'ko',
    label: 0,
    lines: '안녕하세요|예뻐요|샀어요|감사합니다|ㅋㅋㅋㅋ|너무 좋다|어제 도착했어요|비싸다|색깔 예쁘다|잘 자요|저도 있어요|최고',
  },
  {
    family: 'ru-ask',
    language: 'ru',
    label: 1,
    lines:
      'сколько стоит|есть размер м|доставка в минск есть|какой материал|а в чёрном цвете есть|можно вернуть|когда придёт|скиньте ссылку пожалуйста|покажите сзади|это натуральная кожа|как заказать|подскажите размер',
  },
  {
    family: 'ru-talk',
    language: 'ru',
    label: 0,
    lines:
      'какая красота|уже купила|спасибо|всем привет|мне пришло вчера|дорого|очень удобно|ахаха|супер|люблю этот цвет|беру|спокойной ночи',
  },
  {
    family: 'ar-ask',
    language: 'ar',
    label: 1,
    lines:
      'كم السعر|هل يوجد مقاس كبير|متى يصل الطلب|هل الشحن مجاني|ما هي الخامة|اريد الرابط|وين اطلب|كيف ادفع|في لون اسود|ممكن تعرض من الخلف|هل يمكن الارجاع|بكم هذا',
  },
  {
    family: 'ar-talk',
    language: 'ar',
    label: 0,
    lines: 'جميل جدا|شكرا|السلام عليكم|اشتريت واحد|وصلني امس|غالي|لون حلو|ما شاء الله|ههههه|تصبحون على خير|عندي مثله|ممتاز',
  },
  {
    family: 'zh-trouble',
    language: 'zh',
    label: 1,
    lines:
      '我的快递还没到|付款失败了怎么办|优惠券用不了|我想退货|想换个大一点的码|收到的是坏的|订单一直没发货|登录不上去|退款还没到账|要两件怎么算|想买给妈妈适合吗|我一米六五一百二穿哪个|颜色纠结帮我选|老人能用吗|孕妇可以用不|第一次买不知道怎么下单|三号链接讲一下|有没有适合油皮的|孩子三岁能穿多大的',
  },
  {
    family: 'zh-tell',
    language: 'zh',
    label: 0,
    lines:
      '什么都好看|怎么会这么美|多少都不够买|我就知道会火|昨天收到了很满意|谁不爱呢|买了三个了|没想到这么软|不用谢|有生之年系列|几天就到了|哪都好|怎么说呢挺好的|妈妈很喜欢|一直在用|这个我有|质量没得说|又被种草了',
  },
];
