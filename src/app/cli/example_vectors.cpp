#include "app/cli/example_vectors.hpp"

#include <algorithm>
#include <utility>

#include "core/base/log.hpp"

namespace hayate::cli {

std::optional<size_t> ExampleVectors::make_for(const Texts& texts, const std::stop_token& stop) {
    if (file_ && !std::exchange(was_read_, true)) read(texts);
    const auto forgotten =
        std::erase_if(vectors_, [&](const auto& entry) { return !texts.contains(entry.first); });
    size_t made = 0;
    // One by one, so that the wish to stop is noticed between them.
    for (const std::string& text : texts) {
        if (vectors_.contains(text)) continue;
        if (stop.stop_requested()) return std::nullopt;
        vectors_.emplace(text, vector_of_(text));
        is_file_current_ = false;
        ++made;
    }
    if (forgotten > 0) is_file_current_ = false;
    if (file_ && !is_file_current_) write();
    return made;
}

understand::SentenceVector ExampleVectors::known(const Texts& texts) const {
    const auto is_known = [&](const std::string& text) { return vectors_.contains(text); };
    if (vectors_.empty() || !std::ranges::all_of(texts, is_known)) return {};
    return [this](std::string_view text) { return vectors_.at(std::string(text)); };
}

void ExampleVectors::read(const Texts& texts) {
    auto contents = file_->read(texts);
    if (!contents) {
        return base::log_failure("example_vectors_unusable", contents.error(),
                                 {{"file", file_->path()}});
    }
    is_file_current_ = contents->others == 0;
    vectors_ = std::move(contents->vectors);
}

void ExampleVectors::write() {
    const Status written = file_->write(vectors_);
    is_file_current_ = written.has_value();
    if (!written) base::log_failure("example_vectors_not_kept", written.error());
}

}  // namespace hayate::cli
