#include "core/text/tokens.hpp"

#include <algorithm>

#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>
#include <unicode/stringpiece.h>
#include <unicode/uchar.h>

#include "core/text/normalise.hpp"
#include "core/text/script.hpp"
#include "core/text/utf8.hpp"

namespace hayate::text {
namespace {

bool is_mark(char32_t c) {
    const auto type = u_charType(static_cast<UChar32>(c));
    return type == U_NON_SPACING_MARK || type == U_COMBINING_SPACING_MARK;
}

/// Without the marks that NFD splits off: "é" to "e".
std::string without_diacritics(const std::string& word) {
    if (std::ranges::all_of(word, [](char c) { return static_cast<unsigned char>(c) < 0x80; }))
        return word;
    UErrorCode status = U_ZERO_ERROR;
    const auto* nfd = icu::Normalizer2::getNFDInstance(status);
    std::string split;
    icu::StringByteSink<std::string> sink(&split);
    if (U_SUCCESS(status)) {
        nfd->normalizeUTF8(0, icu::StringPiece(word.data(), static_cast<int32_t>(word.size())),
                           sink, nullptr, status);
    }
    if (U_FAILURE(status)) return word;
    std::string out;
    for (size_t at = 0; at < split.size();) {
        const char32_t c = next_code_point(split, at);
        if (!is_mark(c)) append_utf8(out, c);
    }
    return out;
}

/// "editions" and "edition" are one word to a customer. Cruder than a stemmer, and unlike one
/// predictable for names.
void drop_plural(std::string& word) {
    constexpr size_t kShortest = 4;
    if (word.size() < kShortest || !word.ends_with('s')) return;
    const char before = word[word.size() - 2];
    if (before != 's' && before != 'u' && before != 'i') word.pop_back();
}

std::string folded_japanese(const std::string& run) {
    std::string out;
    for (size_t at = 0; at < run.size();) append_utf8(out, fold_kana(next_code_point(run, at)));
    return out;
}

Run::Kind kind_of(Script script) {
    if (is_japanese(script)) return Run::Kind::kJapanese;
    return script == Script::kDigit ? Run::Kind::kNumber : Run::Kind::kWord;
}

class RunBuilder {
  public:
    void add(char32_t c) {
        const Script script = script_of(c);
        if (script == Script::kNone) {
            // "don't" is one word, and a combining mark belongs to the letter before it.
            if (c == U'\'' || c == U'\u2019' || is_mark(c)) return append_mark(c);
            return close();
        }
        const Run::Kind kind = kind_of(script);
        if (kind != current_.kind) close();
        current_.kind = kind;
        append_utf8(current_.plain, c);
    }
    std::vector<Run> finish() {
        close();
        return std::move(runs_);
    }

  private:
    void append_mark(char32_t c) {
        if (!current_.plain.empty() && is_mark(c)) append_utf8(current_.plain, c);
        if (current_.kind != Run::Kind::kWord && !is_mark(c)) close();
    }
    void close() {
        if (current_.plain.empty()) return;
        if (current_.kind == Run::Kind::kJapanese) {
            current_.folded = folded_japanese(current_.plain);
        } else {
            current_.folded = without_diacritics(current_.plain);
            if (current_.kind == Run::Kind::kWord) drop_plural(current_.folded);
        }
        if (!current_.folded.empty()) runs_.push_back(std::move(current_));
        current_ = {};
    }

    Run current_;
    std::vector<Run> runs_;
};

}  // namespace

std::vector<Run> runs_of(std::string_view text) {
    const std::string plain = normalise(text);
    RunBuilder builder;
    for (size_t at = 0; at < plain.size();) builder.add(next_code_point(plain, at));
    return builder.finish();
}

void append_tokens(const Run& run, std::vector<std::string>& tokens) {
    if (run.kind != Run::Kind::kJapanese) {
        tokens.push_back(run.folded);
        return;
    }
    size_t begin = 0;
    size_t middle = 0;
    (void)next_code_point(run.folded, middle);
    if (middle == run.folded.size()) tokens.push_back(run.folded);
    while (middle < run.folded.size()) {
        size_t end = middle;
        (void)next_code_point(run.folded, end);
        tokens.push_back(run.folded.substr(begin, end - begin));
        begin = middle;
        middle = end;
    }
}

std::vector<std::string> search_tokens(std::string_view text) {
    std::vector<std::string> tokens;
    for (const Run& run : runs_of(text)) append_tokens(run, tokens);
    return tokens;
}

bool has_any_phrase(const std::vector<std::string>& tokens,
                    const std::vector<std::string>& phrases) {
    return std::ranges::any_of(phrases, [&](const std::string& phrase) {
        const std::vector<std::string> wanted = search_tokens(phrase);
        return !wanted.empty() && !std::ranges::search(tokens, wanted).empty();
    });
}

}  // namespace hayate::text
