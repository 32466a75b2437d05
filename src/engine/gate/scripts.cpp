#include "engine/gate/scripts.hpp"

#include <algorithm>
#include <array>

#include "core/text/utf8.hpp"

namespace hayate::gate {
namespace {

using text::Script;

/// Frequent in Chinese, and not written in Japanese: simplified forms that JIS X 0208 lacks, and a
/// few pronouns and particles.
constexpr std::u32string_view kChineseOnly =
    U"们这说对为还么给让请问谢吗书买卖读语话该谁认识发现产业务经济应进远边过连选递邮邻"
    U"释钱铁错镇长门间闻阅队阶际陆险难韩页项顺须顾预领频题颜额风飞饭馆马驱验鱼鸟龙东车"
    U"见贝规觉观讲许论设访证评词试详误课调负责货质购费资赛赢跃轻较载输转软农办动劳势华"
    U"协单卫历压厅县变员围圆场块坚处备复头夹奋奖妇实审宽导层岁岛师庆库开张弹强归录忆怀"
    U"态总恶惯战户扩扫报护拥择损换摄时显晓暂术杀杂权枪标树样桥检欢汉汤泽洁测浏浓涨渐满"
    U"滚滨灭炼烂热爱爷牺猎环电疗皱盐监盘码种稳穷竞签简紧纪约级纯线练组细织终绍结绕绘络"
    U"绝统继绩续维绿编缘缩罗职联脑脸你您她它呢吧";

bool is_english_word(std::string_view word) {
    static constexpr std::array<std::string_view, 36> kWords{
        "the",  "is",   "are", "a",     "an",   "of",   "to",   "for", "and",
        "you",  "your", "we",  "it",    "this", "that", "with", "can", "have",
        "not",  "yes",  "no",  "our",   "i",    "be",   "will", "has", "on",
        "from", "by",   "or",  "there", "do",   "was",  "in",   "if",  "here"};
    return std::ranges::count(kWords, word) > 0;
}

}  // namespace

void ScriptCounts::add(std::string_view unit, Script script) {
    if (units_++ == 0) begins_english_ = script == Script::kLatin && is_english_word(unit);
    switch (script) {
        case Script::kLatin:
            ++latin_;
            english_words_ += is_english_word(unit) ? 1 : 0;
            break;
        case Script::kHiragana:
            ++hiragana_;
            ++kana_;
            break;
        case Script::kKatakana:
            ++kana_;
            break;
        case Script::kHan: {
            ++han_;
            size_t at = 0;
            chinese_only_ += kChineseOnly.contains(text::next_code_point(unit, at)) ? 1 : 0;
            break;
        }
        case Script::kOtherLetter:
            ++other_;
            break;
        default:
            break;
    }
}

bool ScriptCounts::reads_english() const {
    constexpr size_t kWords = 2;
    constexpr size_t kKana = 4;
    // "627 yen, 25 in stock": no sentence, and no word of another language either.
    constexpr size_t kWithoutGrammar = 3;
    const bool is_all_latin = kana_ + han_ == 0 && latin_ >= kWithoutGrammar;
    return begins_english_ || is_all_latin || (english_words_ >= kWords && hiragana_ < kKana);
}

bool ScriptCounts::reads_japanese() const {
    constexpr size_t kHiragana = 4;
    return hiragana_ >= kHiragana && hiragana_ + han_ > latin_;
}

bool ScriptCounts::reads_chinese() const {
    constexpr size_t kLongRun = 12;
    return chinese_only_ >= 2 || (chinese_only_ == 1 && hiragana_ == 0) ||
           (han_ >= kLongRun && kana_ == 0);
}

bool ScriptCounts::reads_foreign() const { return other_ >= 2; }

}  // namespace hayate::gate
