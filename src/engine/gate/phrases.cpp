#include "engine/gate/phrases.hpp"

#include "core/text/pattern.hpp"

namespace hayate::gate {
namespace {

using text::Pattern;

bool has(const Pattern& pattern, std::string_view text) { return pattern.find(text).has_value(); }

}  // namespace

bool is_refusal(std::string_view text) {
    static const Pattern english(
        R"((i['’]?m|i am|we['’]?re|we are) (very |so |really |terribly )?sorry,? but )"
        R"(|(i|we) apologi[sz]e,? but |unfortunately,? (i|we) )"
        R"(|\b(i|we) (do not|don['’]?t|did not|didn['’]?t) (currently )?)"
        R"((have|see|know|find)\b[^.]*(information|details|data|access|idea|answer|know\b))"
        R"(|\b(i|we) (do not|don['’]?t) know\b)"
        R"(|\b(i|we) (cannot|can['’]?t|can not|could not|couldn['’]?t|am unable|['’]?m unable|)"
        R"(are unable|am not able|are not able) (to )?)"
        R"((answer|provide|help|assist|find|confirm|tell|give|offer|recommend|access|determine|)"
        R"(say|check))"
        R"(|\bno (\w+ )?information (is |was )?(available|about|on|regarding|found|provided))"
        R"(|information is not (available|provided)|not have that information)"
        R"(|(is|are) not (mentioned|provided|specified|listed|included) in )"
        R"(|\b(isn['’]?t|is not|aren['’]?t|not) something (that )?i can\b|\bneither do i know\b)"
        R"(|\bi (cannot|can['’]?t) (see|compare|judge)\b)"
        R"(|\bnothing was found)"
        R"(|\b(is|are|was)n['’]t (mentioned|provided|specified|listed|included))"
        R"(|\b(documents?|notes?|information|records?|details|data) (here )?)"
        R"(((do|does)n['’]t|(do|does) not) )"
        R"((say|tell|mention|spell|settle|specify|cover|state|show|include))"
        R"(|\b(could not|couldn['’]t) find\b|\bnothing (that )?(i|we) have\b|\bi see no\b)");
    // "お取り扱いしておりません" after an apology is an answer, no refusal.
    static const Pattern japanese(
        R"((情報|詳細|データ|記載|回答)[^。]{0,18})"
        R"((ありません|ございません|持って|おりません|見つかりません|いません|含まれて))"
        R"(|[わ分]か(りません|りかね|らない)|存じません|判断(でき|しかね))"
        R"(|載って(おりません|おらず|いません)|記(載|述)[^。]{0,12}(ございません|ありません|なく))"
        R"(|お答え(でき|いたしかね))"
        R"(|(答え|回答|対応|提供|お伝え|案内|お手伝い|確認|説明)(する|いた|し)?[^。]{0,10})"
        R"((できません|できかね|いたしかね|できない))");
    return has(english, text) || has(japanese, text);
}

bool is_hedge(std::string_view text) {
    static const Pattern hedge(
        R"(\bas an? (ai|artificial|language|assistant)|\b(ai|language) (language )?model\b)"
        R"(|\b(i think|i believe|i guess|i assume|probably|presumably|might be|may be able|)"
        R"(it is possible|it['’]?s possible|not sure|likely)\b)"
        R"(|\bmy (own |personal |all-time )?favou?rite|\bi personally\b)"
        R"(|私(の|が)(一番|いちばん)?(好き|お気に入り))"
        R"(|人工知能|言語モデル|aiとして|aiアシスタント|かもしれません|おそらく|恐らく|たぶん|多分)"
        R"(|と思(います|われ)|はずです|でしょう。)");
    return has(hedge, text);
}

bool is_deed(std::string_view text) {
    static const Pattern english(
        R"(\b(i|we)(['’]ve| have)(,? (just|already|now|also|however|even))*,? )"
        R"((registered|arranged|cancell?ed|refunded|issued|informed|forwarded|escalated|processed)"
        R"(|updated|changed|added|reserved|booked|applied|notified|credited|placed|scheduled)"
        R"(|corrected|extended|waived|opened|sent|resent|shipped|removed|contacted|reported|passed)"
        R"(|put|set (it|them|one|a|an|two|the|this|your)\b|started|lifted|asked|told|pressed)"
        R"(|made out|taken|joined|initiated|exchanged|noted|signed you|moved|flagged|ordered)"
        R"(|requested|redirected|marked|logged|spoken|unlocked|activated|switched|sorted)\b)"
        R"(|\b(have|['’]ve|been|will|['’]ll) (put|set) ((it|them|one|two|(a|the|your) \w+) )?)"
        R"(aside\b)"
        R"(|\b(refunding|sending|cancell?ing|adding|reserving|forwarding) (it|them|that|your)\b)"
        R"([^.]*\bnow\b)");
    static const Pattern japanese(
        R"((手配|登録|手続き|キャンセル|取り消し|返金|変更|発送|予約|確保|加算|修正|依頼|)"
        R"(交換|申請|報告|通知|適用|追加|停止|解除|用意|照会|お送り|お取り置き|お入れ)(処理)?)"
        R"((を|は)?(すでに|既に)?)"
        R"(((いた|致)?しました|済みました|完了(いた)?しました|させていただきました))"
        R"(|[てで]おきました|を(済ませ|終え|申し込み)ました)"
        R"(|(問い合わせ|申し込み|頼み|伝え|取り消し|手配し)ました)");
    static const Pattern condition(R"(\b(if|once|after|when|whether)\b|(場合|たら|れば|なら))");
    // "Once it is back I will tell you" promises; what is done is done whatever comes of it.
    static const Pattern aside(R"([てで]おきました|\baside\b)");
    const bool is_done = has(english, text) || has(japanese, text);
    return is_done && (has(aside, text) || !has(condition, text));
}

bool denies_listing(std::string_view text) {
    static const Pattern denial(
        R"(\b(do(es)? not|don['’]?t) (currently )?(carry|stock|sell)\b)"
        R"(|(取り?扱い|扱って|販売して|置いて)[はがもを]?に?(ござい|あり|おり|い)ません)");
    return has(denial, text) && !is_refusal(text);
}

bool is_prompt_talk(std::string_view text) {
    // Clumsy, and still an answer.
    static const Pattern opening(
        R"(^[\s\pP]*(based on|according to) the (provided |given )?information( provided| given)?)"
        R"(( (in|by) the (provided |given )?(context|faq|store))?)");
    if (const auto found = opening.find(text)) text.remove_prefix(found->second);
    static const Pattern talk(
        R"(\b(the|this|your|given|provided) (provided |given |above )?(context|prompt)\b|<context>)"
        R"(|\b(the|your) (customer|user)(['’]s)?\b|user[_ ]preferences|customer question)"
        R"(|\byou (do not |don['’]?t |only |also )?(sell|stock|carry)\b)"
        R"(|(たい|ほしい|欲しい)です(。|$))"
        R"(|コンテキスト|文脈|プロンプト|ユーザー|提供された情報|与えられた|お客様の質問|顧客|この回答は|店の質問)");
    return has(talk, text);
}

bool is_template_mark(std::string_view text) {
    static const Pattern mark(
        R"(<\|?/?(im_start|im_end|endoftext|system|user|assistant|eot_id|inst)\b)"
        R"(|</?[a-z]+_?[a-z]*>|\[/?inst\]|\[(insert|your|enter|name|ここに)[^\]]*\])"
        R"(|(^|\. |。|\s)(user|assistant|system|human|customer|ユーザー|アシスタント) ?:)"
        R"(|customer question ?:)");
    return has(mark, text);
}

bool has_chinese_words(std::string_view text) {
    static const Pattern words(
        "根据|信息|没有|我们|无法|抱歉|如果|因为|但是|可以|提供的|以下是|这是|您");
    return has(words, text);
}

bool is_code(std::string_view text) {
    static const Pattern code(
        R"(```|^[\s\pP]*\{ ?"|"[a-z_]+" ?: ?["\[{0-9]|\bdef \w+\(|)"
        R"(\bimport (os|sys|re|json|math|random|numpy|pandas|requests)\b|\bfunction ?\w*\(|)"
        R"(#include ?<)"
        R"(|\bprint\(|\bconsole\.log|\bselect \* from\b|\breturn \w+;|)"
        R"(</(div|p|span|html|a)>|;\s*\})");
    return has(code, text);
}

bool is_own_lack(std::string_view text) {
    static const Pattern first_person(R"(\b(i|we|i['’]m|we['’]re)\b|ません)");
    // What is not done to something is nothing that the shop lacks.
    static const Pattern passive(R"((さ|ま|か|わ|た)れて(い|お)?(ません|ない|りません))");
    return is_negative(text) && has(first_person, text) && !has(passive, text);
}

bool is_taken_up(std::string_view text) {
    static const Pattern taken(
        R"(\b(sorry|apologi[sz]e|apologies|i understand|if|in case|whether|about your)\b)"
        R"(|申し訳|ご迷惑|失礼(いた|しま)|心配|お困り|場合|(たら|なら|れば)[、ば]?)");
    return has(taken, text);
}

bool is_question(std::string_view text) {
    static const Pattern question(R"(([??]|ですか|ますか|でしょうか|ませんか)[\s\pP]*$)");
    return has(question, text);
}

Polarity opening_polarity(std::string_view text) {
    static const Pattern yes(
        R"(^[\s\pP]*(yes|yeah|sure|certainly|absolutely|of course|はい|ええ|もちろん))");
    static const Pattern no(
        R"(^[\s\pP]*(no[,.! ]|nope|unfortunately|(i['’]?m |i am )?sorry,? but|いいえ|いえ[、,]|残念ながら))"
        R"(|^[\s\pP]*(大変|誠に)?(申し訳|すみません|恐れ入ります)[^。、]{0,8}(が|けど|けれど))"
        R"([^。]*(ません|できかね))");
    if (has(yes, text)) return Polarity::kYes;
    return has(no, text) ? Polarity::kNo : Polarity::kNeither;
}

bool asks_whether(std::string_view question) {
    static const Pattern open(
        R"(\b(how|what|what['’]?s|which|when|where|who|whose|why)\b)"
        R"(|何|いくら|いつ|どこ|どう|どんな|どれ|どの|どちら|どっち|誰|だれ|なぜ|教えて)");
    return !has(open, question);
}

bool is_negative(std::string_view text) {
    static const Pattern negative(
        R"(\b(not|cannot|never|no longer|unable|(have|has|is|are) no)\b|n['’]t\b)"
        R"(|ません|できない|ない(です|ため|ので|。|$)|不可|かねます|いたしかね)");
    // Politeness has the form of a negation.
    static const Pattern polite(
        R"((申し訳|すみ|すい|かもしれ|恐れ入り)[^。、]{0,6}ません|差し支えない|問題(あり|ござい)ません|\bif not\b)");
    size_t from = 0;
    while (const auto found = negative.find(text, from)) {
        const auto courtesy = polite.find(text, from);
        const bool is_polite =
            courtesy && courtesy->first <= found->first && found->second <= courtesy->second;
        if (!is_polite) return true;
        from = courtesy->second;
    }
    return false;
}

Wanted wanted_by(std::string_view question) {
    static const Pattern other(
        R"(\b(similar to|something like|anything like|(series|books?|titles?|ones?) like)\b)"
        R"(|似た|に近い|(みたい|のよう)な(作品|本|の))");
    static const Pattern title(
        R"(\b(recommend|suggest))"
        R"(|\b(what|which)( \w+)? should i (read|get|try|start)|\bpick one)"
        R"(|\bany good \w+|\bfavou?rite)"
        R"(|おすすめ|お勧め|オススメ|一番好きな|何を読め|面白い(の|作品|本))");
    static const Pattern price(
        R"(\bhow (much|expensive)\b|\bwhat does [^.?]* cost|\bprice of\b|いくら|値段|何円)");
    static const Pattern time(
        R"(^when\b|\bwhen (is|was|will|does|do|did|can|are)\b|\bhow long\b|\brelease date)"
        R"(|いつ(頃|ごろ|出|発売|届|まで|から|です|に|入荷)|何日|発売日)");
    static const Pattern count(R"(\bhow many\b|何巻|何冊|何回|何種類)");
    if (has(other, question)) return Wanted::kOtherTitle;
    if (has(title, question)) return Wanted::kTitle;
    if (has(price, question)) return Wanted::kPrice;
    if (has(time, question)) return Wanted::kTime;
    return has(count, question) ? Wanted::kCount : Wanted::kAnything;
}

Makers makers_of(std::string_view text) {
    static const Pattern same(R"(\bsame (author|artist|writer|creator|person))"
                              R"(|\bshare (an?|the|their) (author|artist|writer|creator))"
                              R"(|(同じ|同一の?)(作者|著者|作家|人|方)|同一人物)");
    static const Pattern different(
        R"(\b(different|separate|distinct) (authors|artists|writers|creators|people))"
        R"(|(別|違う|異なる)の?(作者|著者|作家|人|方)|別人|(作者|著者|作家)[はが](違|異な|別))");
    if (has(different, text)) return is_negative(text) ? Makers::kUnsaid : Makers::kDifferent;
    if (!has(same, text)) return Makers::kUnsaid;
    return is_negative(text) ? Makers::kDifferent : Makers::kSame;
}

Superlative superlative_in(std::string_view text) {
    static const Pattern cheapest(
        R"(\bcheapest|\bleast expensive|\blowest[- ]price|(一番|いちばん|最も)(安|お得|低価格)|最安)");
    static const Pattern dearest(
        R"(\bmost expensive|\bpriciest|\bhighest[- ]price|(一番|いちばん|最も)(高い|高価)|最高額)");
    static const Pattern latest(
        R"(\b(latest|newest|most recent) (volume|vol\b|one|book)|最新(刊|巻))");
    if (has(cheapest, text)) return Superlative::kCheapest;
    if (has(dearest, text)) return Superlative::kDearest;
    return has(latest, text) ? Superlative::kLatest : Superlative::kNone;
}

Stock stock_of(std::string_view text) {
    static const Pattern out(
        R"(out of stock|(\bnot\b|n['’]t\b|\bno (copies|copy)\b)[^.,;]{0,60}\bin stock|sold out)"
        R"(|not available|unavailable|no stock)"
        R"(|在庫切れ|在庫[がは]?(あり|ござい)ません|在庫なし|品切れ|売り切れ|在庫がない)");
    static const Pattern in(
        R"(in stock|\b(is|are) (still |currently |now )?available)"
        R"(|\bstill (have|has|got) (it|them|some|one)\b)"
        R"(|在庫あり|まだ(在庫が)?あり(ます|。)|在庫[がは]?[^。、]{0,8}(あり|ござい)ます|在庫がある)");
    if (has(out, text)) return Stock::kOut;
    return has(in, text) ? Stock::kIn : Stock::kUnsaid;
}

}  // namespace hayate::gate
