#include "core/text/cut.hpp"

#include <memory>

#include <unicode/brkiter.h>
#include <unicode/utext.h>

#include "core/text/utf8.hpp"

namespace hayate::text {
namespace {

using Iterator = std::unique_ptr<icu::BreakIterator>;
using Maker = icu::BreakIterator* (*)(const icu::Locale&, UErrorCode&);

Iterator make_iterator(Maker maker) {
    UErrorCode status = U_ZERO_ERROR;
    Iterator iterator(maker(icu::Locale::getRoot(), status));
    return U_SUCCESS(status) ? std::move(iterator) : nullptr;
}

/// The last boundary at or before `max_bytes`. The text is looked at a little beyond that, so that
/// a boundary is one because of what follows, not because the window ends there.
size_t last_boundary(icu::BreakIterator* iterator, std::string_view text, size_t max_bytes) {
    constexpr size_t kLookAhead = 256;
    const std::string_view window = utf8_prefix(text, max_bytes + kLookAhead);
    UErrorCode status = U_ZERO_ERROR;
    UText* view =
        utext_openUTF8(nullptr, window.data(), static_cast<int64_t>(window.size()), &status);
    if (iterator == nullptr || U_FAILURE(status)) return utf8_prefix(text, max_bytes).size();
    iterator->setText(view, status);  // makes a shallow clone
    utext_close(view);
    // ICU rounds an offset inside a code point down, so the cut starts from a whole one.
    const auto at = static_cast<int32_t>(utf8_prefix(text, max_bytes).size());
    if (iterator->isBoundary(at)) return static_cast<size_t>(at);
    const int32_t boundary = iterator->preceding(at);
    return boundary == icu::BreakIterator::DONE ? 0 : static_cast<size_t>(boundary);
}

std::string_view without_trailing_space(std::string_view text) {
    const size_t last = text.find_last_not_of(" \t\r\n");
    return text.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

}  // namespace

std::string_view cut_graphemes(std::string_view text, size_t max_bytes) {
    if (text.size() <= max_bytes) return text;
    // Iterators are not thread-safe and cost more to make than to use.
    thread_local const Iterator iterator =
        make_iterator(icu::BreakIterator::createCharacterInstance);
    return text.substr(0, last_boundary(iterator.get(), text, max_bytes));
}

std::string_view cut_sentences(std::string_view text, size_t max_bytes) {
    if (text.size() <= max_bytes) return text;
    thread_local const Iterator iterator =
        make_iterator(icu::BreakIterator::createSentenceInstance);
    const auto cut =
        without_trailing_space(text.substr(0, last_boundary(iterator.get(), text, max_bytes)));
    return cut.empty() ? cut_graphemes(text, max_bytes) : cut;
}

}  // namespace hayate::text
