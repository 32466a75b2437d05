#include "engine/gate/claims.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "core/text/key_table.hpp"
#include "engine/gate/content.hpp"

namespace hayate::gate {
namespace {

using text::Script;

constexpr uint64_t kStemSeed = 0x48415941'54450009U;
constexpr uint64_t kPairSeed = 0x48415941'5445000AU;
constexpr uint64_t kSameSeed = 0x48415941'5445000BU;

/// In both: a clerk's own words, and the shop's.
constexpr std::string_view kEnglish =
    "sorry apologize apology apologise inconvenience please thank thanks welcome happy glad "
    "help assist assistance information provide provided based base according context "
    "available availability currently current offer recommend recommendation suggest choose "
    "choice good great nice best better find look check contact ask question answer know "
    "tell see let feel free want need like love enjoy interested try title book volume "
    "vol edition store shop item product customer option include including follow following "
    "also well however additionally therefore because since both different difference "
    "similar same another several various popular new latest first last next price cost buy "
    "purchase sell sold stock release released author write written genre story read reader "
    "reading here right now details detail regarding unfortunately understand hello hi yes "
    "sure certainly course must make made take way kind two three go come still use used "
    "using work call able might specific mention listed list page website site further any "
    "anything else too afraid even though such either whether unique interesting exciting "
    "fun engaging captivating compelling thrilling beautiful amazing wonderful perfect "
    "classic fan element theme twist strong rich depth deep fantastic excellent must-read "
    "enjoyable fascinating memorable touching moving preference taste fit suit you'll we'll "
    "i'll it'll you've we've i've i'd we'd you'd that's there's here's cannot didn't won't "
    "aren't wasn't haven't hasn't couldn't wouldn't shouldn't set give given keep put show "
    "say said mean think believe hope wish seem become begin start end finish complete "
    "continue run turn leave bring hold move happen allow consider describe explain feature "
    "focus involve explore center revolve appear name known entitle wide range variety "
    "selection collection number total amount plus part whole full entire general usually "
    "often sometimes always never again already soon later before after during until within "
    "without against between among through around across under over above below along apart "
    "instead rather quite really actually simply especially particularly mainly mostly "
    "generally specifically exactly directly likely possible perhaps maybe enough less least "
    "most more few little lot many much own ready easy easily hard high low big small large "
    "long short early late quick quickly fast slow thing something someone anyone everyone "
    "everything nothing people person time day moment place case example instance reason "
    "result point side matter fact problem issue concern request support team staff service "
    "experience process step order assure ensure confirm note remember visit browse discover "
    "search select pick add receive get send return reply respond reach inform share update "
    "patience understanding appreciate trouble wait meanwhile forward hear world life "
    "character protagonist main plot tale art artist illustrate illustration style draw "
    "drawn drawing creator create created series action who's what's let's it's i'm we're "
    "they're he's she's regard apologies copy copies";
constexpr std::string_view kJapanese =
    "申し訳 申します 案内 確認 問合 問い合わせ 質問 回答 答え 情報 詳細 詳しく 作品 "
    "当店 店 商品 在庫 価格 値段 発売 発売日 作者 著者 巻 円 取り扱い 取扱 扱って "
    "購入 買い 注文 以下 次の 例えば 現在 可能 場合 必要 利用 用意 承り 販売 売り 以上 他に "
    "何か 教え 私 方 物語 手 伝い お手 伝 思い 思 出 来 見 入 受 致し 頂 下さ 記載 提供 理解 "
    "説明 最新 最新刊 全巻 単行本 本 冊 版 お客様 お客 客様 作家 描 読 人気 面白 楽 魅力 "
    "素晴 感動 最高 名作 傑作 好 独特 世界観 展開 引き込 深 満載 ぴったり 特徴 ジャンル 要素 "
    "テーマ ストーリー リリース日 リリース 含 シリーズ 続 始 終 行 会 言 知 考 感 気 持 使 "
    "選 探 待 送 届 連絡 対応 方法 手続 希望 検討 参考 条件 内容 種類 名前 登場 主人公 人物 "
    "少年 少女 中心 的 化 内 用 性 系 型 等 達 代 料 品 側 数 外  様々 色々 多く 少し 全て 一部 "
    "一つ 二つ 最初 最後 今 今回 今後 時間 時期 "
    "前 後 間 上 下 中 同じ 別 新しい 新 古 大 小 高 安 良 悪 早 長 短 多 少 約 合計 一覧 "
    "表示 画面 ページ サイト ショップ オススメ お勧め 紹介 提案 恐れ 遠慮 不便 不明 心配 "
    "迷惑 失礼 残念 感謝 幸い 是非 年 月 日 点 回 数 番 件 者 作 著 書 他 何 誰 皆様 皆 自分";

/// What a shop's documents and its customers call by different words: a word a group stands for
/// all.
constexpr std::array<std::string_view, 22> kSame{
    "postage shipping shipment ship delivery dispatch courier",
    "parcel package packet",
    "fee charge surcharge",
    "damaged torn broken crushed bent faulty defective defect scratched",
    "exchange swap replace",
    "refund reimburse repay",
    "email mail",
    "gift present",
    "expire lapse valid",
    "limit maximum max",
    "photo picture image",
    "business working weekday",
    "digital electronic ebook",
    "child kid young youth",
    "secondhand preowned",
    "benefit perk advantage",
    "送料 配送 配達 発送 郵送",
    "返金 払戻",
    "交換 取替",
    "破損 不良 傷 破 汚 濡",
    "料金 手数 代金 費用 金額",
    "写真 画像"};

/// Without its common endings, one after the other: "publishers", "publisher", "publish".
std::string_view stem_of(std::string_view word) {
    static constexpr std::array<std::string_view, 12> kEndings{
        "s", "es", "ies", "ied", "ed", "ing", "er", "ation", "ment", "ness", "ly", "e"};
    constexpr size_t kShortest = 4;
    constexpr size_t kTimesMax = 3;
    constexpr size_t kShortestPlural = 4;
    if (word.size() >= kShortestPlural && word.ends_with('s') && !word.ends_with("ss"))
        word.remove_suffix(1);
    for (size_t times = 0; times < kTimesMax; ++times) {
        const auto found = std::ranges::find_if(kEndings, [&](std::string_view ending) {
            return word.size() >= kShortest + ending.size() && word.ends_with(ending);
        });
        if (found == kEndings.end()) break;
        word.remove_suffix(found->size());
    }
    if (word.size() > kShortest && word.ends_with('y')) word.remove_suffix(1);
    return word;
}

/// Forms that no ending tells: the word that they are read as.
struct Irregular {
    std::string_view form;
    std::string_view word;
};
std::string_view lemma_of(std::string_view word) {
    static constexpr std::array<Irregular, 36> kIrregular{
        {{"came", "come"},     {"began", "begin"},   {"begun", "begin"},   {"wrote", "write"},
         {"written", "write"}, {"drew", "draw"},     {"drawn", "draw"},    {"sold", "sell"},
         {"bought", "buy"},    {"sent", "send"},     {"got", "get"},       {"took", "take"},
         {"taken", "take"},    {"told", "tell"},     {"found", "find"},    {"kept", "keep"},
         {"left", "leave"},    {"paid", "pay"},      {"ran", "run"},       {"won", "win"},
         {"saw", "see"},       {"seen", "see"},      {"knew", "know"},     {"thought", "think"},
         {"brought", "bring"}, {"became", "become"}, {"fought", "fight"},  {"lost", "lose"},
         {"shown", "show"},    {"chose", "choose"},  {"chosen", "choose"}, {"gave", "give"},
         {"went", "go"},       {"gone", "go"},       {"said", "say"},      {"children", "child"}}};
    const auto found = std::ranges::find(kIrregular, word, &Irregular::form);
    return found == kIrregular.end() ? word : found->word;
}

uint64_t stem_key(std::string_view word) {
    uint64_t key = kStemSeed;
    for (const char c : stem_of(lemma_of(word)))
        key = text::mix(key, static_cast<unsigned char>(c));
    return key;
}

/// Facts are checked as such; of a topic its own value is claimed.
bool is_in_fact(uint32_t unit, std::span<const Fact> facts) {
    return std::ranges::any_of(facts, [&](const Fact& fact) {
        const bool is_name = fact.kind == FactKind::kTitle || fact.kind == FactKind::kPerson;
        return fact.kind != FactKind::kTopic && !(is_name && fact.is_slight) &&
               fact.begin <= unit && unit < fact.end;
    });
}

template <class Take>
void each_word(const text::Units& units, std::span<const Fact> facts, Take take) {
    const auto all = units.all();
    const auto is_meaning = [&](uint32_t i) {
        return i < all.size() && text::is_japanese(all[i].script) &&
               all[i].script != Script::kHiragana && !is_in_fact(i, facts);
    };
    for (uint32_t i = 0; i < all.size(); ++i) {
        if (all[i].script == Script::kDigit || is_in_fact(i, facts)) continue;
        if (!text::is_japanese(all[i].script)) {
            if (is_content_word(units.text(all[i])))
                take(Claim{stem_key(units.text(all[i])), i, i + 1});
            continue;
        }
        if (!is_meaning(i)) continue;
        const bool goes_on = is_meaning(i + 1) && units.is_glued(i + 1);
        const bool is_begun = i > 0 && is_meaning(i - 1) && units.is_glued(i);
        if (is_begun)
            take(Claim{text::mix(text::mix(kPairSeed, all[i - 1].key), all[i].key), i - 1, i + 1});
        const bool is_counter = units.is_glued(i) && all[i - 1].script == Script::kDigit;
        if (!is_begun && !goes_on && !is_counter) take(Claim{all[i].key, i, i + 1});
    }
}

std::vector<uint64_t> words_of(std::string_view text) {
    std::vector<uint64_t> words;
    text::Units units;
    units.read(text);
    each_word(units, {}, [&](const Claim& word) { words.push_back(word.key); });
    return words;
}

/// What claims nothing: the courtesies, and Japanese characters that are only joined to words.
const std::vector<uint64_t>& courtesies() {
    static const std::vector<uint64_t> kCourtesies = [] {
        std::vector<uint64_t> tokens = words_of(kEnglish);
        for (const uint64_t token : words_of(kJapanese)) tokens.push_back(token);
        make_set(tokens);
        return tokens;
    }();
    return kCourtesies;
}

/// One key for all words of a group.
uint64_t same_as(uint64_t word) {
    static const text::KeyTable kGroups = [] {
        text::KeyTable groups;
        for (uint32_t group = 0; group < kSame.size(); ++group) {
            for (const uint64_t member : words_of(kSame.at(group))) groups.add(member, group);
        }
        return groups;
    }();
    const uint32_t group = kGroups.find(word);
    return group == text::KeyTable::kNone ? word : text::mix(kSameSeed, group);
}

}  // namespace

void append_claims(const text::Units& units, std::span<const Fact> facts,
                   std::vector<Claim>& claims) {
    const size_t begin = claims.size();
    each_word(units, facts, [&](Claim claim) {
        claim.is_courtesy = contains(courtesies(), claim.key);
        claim.key = same_as(claim.key);
        claims.push_back(claim);
    });
    // "Scary" and "ホラー" are one topic; but one of courtesies alone ("complete") is none.
    for (const Fact& topic : facts) {
        if (topic.kind != FactKind::kTopic) continue;
        bool is_claimed = false;
        const auto is_of_topic = [&](const Claim& claim) {
            return topic.begin <= claim.begin && claim.end <= topic.end;
        };
        const auto own = std::span(claims).subspan(begin);
        for (const Claim& claim : own) is_claimed |= is_of_topic(claim) && !claim.is_courtesy;
        if (!is_claimed) continue;
        claims.erase(std::remove_if(claims.begin() + static_cast<ptrdiff_t>(begin), claims.end(),
                                    is_of_topic),
                     claims.end());
        claims.push_back({topic.id, topic.begin, topic.end});
    }
}

void append_claims(const text::Units& units, std::span<const Fact> facts,
                   std::vector<uint64_t>& tokens) {
    std::vector<Claim> claims;
    append_claims(units, facts, claims);
    for (const Claim& claim : claims) {
        if (!claim.is_courtesy) tokens.push_back(claim.key);
    }
}

bool is_joined_only(uint64_t character) { return contains(courtesies(), character); }

}  // namespace hayate::gate
