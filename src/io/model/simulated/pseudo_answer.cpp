#include "io/model/simulated/pseudo_answer.hpp"

#include <array>

#include <fmt/format.h>

#include "core/text/cut.hpp"
#include "core/text/language.hpp"
#include "core/text/script.hpp"
#include "core/text/utf8.hpp"

namespace hayate::model {
namespace {

constexpr std::array<std::string_view, 4> kMoreEnglish{
    " Tell me what you have enjoyed so far, and I can narrow it down.",
    " Some readers look for a calm story, others for a fast one; both are easy to find.",
    " If it is a present, the reader's age helps me to choose well.",
    " I can also compare it with something that you already know."};
constexpr std::array<std::string_view, 4> kMoreJapanese{
    "これまでに楽しまれた作品を教えていただければ、さらに絞り込めます。",
    "落ち着いた物語が好きな方にも、展開の早い物語が好きな方にも合う作品があります。",
    "プレゼントでしたら、読む方の年齢も教えてください。",
    "すでにご存じの作品と比べることもできます。"};

std::string_view trimmed(std::string_view text) {
    const size_t first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

std::string_view line_at(std::string_view text, size_t at) {
    return trimmed(text.substr(at, text.find('\n', at) - at));
}

/// One "[Kind: name]" block of the context, or an "[FAQ]" with its question and answer.
struct Entry {
    std::string_view kind;
    std::string_view name;
    std::string_view body;  // its first line below
};

std::string_view without_label(std::string_view line) {
    const size_t colon = line.find(": ");
    return colon == std::string_view::npos ? line : line.substr(colon + 2);
}

Entry faq_entry(std::string_view block) {
    const size_t answer = block.find('\n') + 1;  // 0: there is one line only
    return {.kind = "FAQ",
            .name = without_label(line_at(block, 0)),
            .body = without_label(line_at(block, answer))};
}

Entry first_entry(std::string_view prompt) {
    constexpr std::string_view kOpen = "<context>";
    const size_t begin = prompt.find(kOpen);
    if (begin == std::string_view::npos) return {};
    std::string_view context = prompt.substr(begin + kOpen.size());
    context = trimmed(context.substr(0, context.find("</context>")));
    constexpr std::string_view kFaq = "[FAQ]\n";
    if (context.starts_with(kFaq)) return faq_entry(context.substr(kFaq.size()));
    const size_t colon = context.find(": ");
    const size_t close = context.find("]\n");
    if (!context.starts_with('[') || colon == std::string_view::npos ||
        close == std::string_view::npos || colon > close) {
        return {.kind = "Text", .name = line_at(context, 0), .body = {}};
    }
    return {.kind = context.substr(1, colon - 1),
            .name = trimmed(context.substr(colon + 2, close - colon - 2)),
            .body = line_at(context, close + 2)};
}

std::string quote_of(std::string_view question) {
    constexpr size_t kQuoteBytes = 90;
    const std::string_view cut = text::cut_graphemes(question, kQuoteBytes);
    std::string quote(trimmed(cut.substr(0, cut.find('\n'))));
    if (quote.size() < question.size()) quote += "…";
    return quote;
}

std::string answer_in_english(std::string_view question, const Entry& entry) {
    if (entry.kind == "FAQ" || entry.kind == "Order") {
        return fmt::format(
            "About your question “{}”: {} Is there anything else I can look up for you?",
            quote_of(question), entry.body);
    }
    if (entry.kind == "Product") {
        return fmt::format(
            "You asked: “{}” From what is in the store, **{}** looks like the best match. "
            "It fits what you describe, and it is a good place to begin. "
            "Shall I show you the editions?",
            quote_of(question), entry.name);
    }
    return fmt::format(
        "You asked: “{}” That is a good question. "
        "Let me know a little more, and I will find what suits you best.",
        quote_of(question));
}

std::string answer_in_japanese(std::string_view question, const Entry& entry) {
    if (entry.kind == "FAQ" || entry.kind == "Order") {
        return fmt::format("「{}」についてお答えします。{} ほかにお調べすることはありますか。",
                           quote_of(question), entry.body);
    }
    if (entry.kind == "Product") {
        return fmt::format(
            "「{}」とのことですね。当店の作品では**{}**がいちばん合いそうです。"
            "ご希望の内容に近く、最初に読む作品としてもおすすめです。版の違いもご案内しましょうか"
            "。",
            quote_of(question), entry.name);
    }
    return fmt::format(
        "「{}」とのことですね。よいご質問です。"
        "もう少し詳しく教えていただければ、ぴったりの作品をお探しします。",
        quote_of(question));
}

bool is_spaceless(char32_t c) { return text::is_japanese(text::script_of(c)) || c >= 0x3000; }

}  // namespace

std::string_view question_in(std::string_view prompt) {
    for (const std::string_view fence : {"</context>", "</user_preferences>"}) {
        const size_t at = prompt.rfind(fence);
        if (at != std::string_view::npos) prompt.remove_prefix(at + fence.size());
    }
    constexpr std::string_view kLabel = "Customer question:";
    const size_t label = prompt.find(kLabel);
    if (label != std::string_view::npos) prompt.remove_prefix(label + kLabel.size());
    return trimmed(prompt);
}

std::string pseudo_answer(std::string_view prompt) {
    const std::string_view question = question_in(prompt);
    const Entry entry = first_entry(prompt);
    return text::reply_language(question) == "ja" ? answer_in_japanese(question, entry)
                                                  : answer_in_english(question, entry);
}

std::vector<std::string> split_tokens(std::string_view text) {
    std::vector<std::string> pieces;
    int wide = 0;  // characters without spaces in the last piece
    bool was_space = false;
    for (size_t at = 0; at < text.size();) {
        const size_t begin = at;
        const char32_t c = text::next_code_point(text, at);
        const std::string_view character = text.substr(begin, at - begin);
        const bool is_space = c == ' ' || c == '\n';
        const bool is_wide = is_spaceless(c);
        const bool begins =
            pieces.empty() || (is_space && !was_space) || (is_wide ? wide != 1 : wide > 0);
        if (begins) pieces.emplace_back();
        pieces.back() += character;
        wide = is_wide ? (begins ? 1 : wide + 1) : 0;
        was_space = is_space;
    }
    return pieces;
}

std::vector<std::string> tokens_of_length(std::string_view answer, size_t count) {
    std::vector<std::string> pieces = split_tokens(answer);
    const auto& more = text::reply_language(answer) == "ja" ? kMoreJapanese : kMoreEnglish;
    for (size_t i = 0; pieces.size() < count; ++i) {
        for (std::string& piece : split_tokens(more[i % more.size()]))
            pieces.push_back(std::move(piece));
    }
    pieces.resize(count);
    return pieces;
}

}  // namespace hayate::model
