#include "core/config/template_text.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace hayate::config {
namespace {

enum class PieceKind : uint8_t { kText, kPlaceholder, kOpen, kClose };

struct Piece {
    PieceKind kind = PieceKind::kText;
    std::string_view text;
};

bool is_name(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    });
}

/// The next piece of `rest`, which must not be empty, and takes it off; an error text when there is
/// none.
tl::expected<Piece, std::string> take_piece(std::string_view& rest) {
    const auto take = [&](size_t size) {
        const std::string_view taken = rest.substr(0, size);
        rest.remove_prefix(size);
        return taken;
    };
    if (rest.starts_with("{{") || rest.starts_with("}}")) {
        return Piece{.text = take(2).substr(0, 1)};
    }
    if (rest.starts_with("[[")) return Piece{.kind = PieceKind::kOpen, .text = take(2)};
    if (rest.starts_with("]]")) return Piece{.kind = PieceKind::kClose, .text = take(2)};
    if (rest.front() == '}') return tl::unexpected(std::string("'}' without '{'"));
    if (rest.front() == '{') {
        const size_t end = rest.find('}');
        if (end == std::string_view::npos) return tl::unexpected(std::string("'{' without '}'"));
        const std::string_view name = take(end + 1).substr(1, end - 1);
        if (is_name(name)) return Piece{.kind = PieceKind::kPlaceholder, .text = name};
        return tl::unexpected("'{" + std::string(name) + "}' is not a placeholder name");
    }
    // A single bracket is ordinary text, so at least one byte is taken.
    return Piece{.text = take(std::min(rest.find_first_of("{}[]", 1), rest.size()))};
}

tl::expected<std::vector<Piece>, std::string> split(std::string_view text) {
    std::vector<Piece> pieces;
    bool is_inside = false;
    while (!text.empty()) {
        const tl::expected<Piece, std::string> piece = take_piece(text);
        if (!piece) return tl::unexpected(piece.error());
        const bool is_open = piece->kind == PieceKind::kOpen;
        const bool is_close = piece->kind == PieceKind::kClose;
        if (is_open && is_inside) return tl::unexpected(std::string("'[[' inside '[['"));
        if (is_close && !is_inside) return tl::unexpected(std::string("']]' without '[['"));
        is_inside = is_open || (is_inside && !is_close);
        pieces.push_back(*piece);
    }
    if (is_inside) return tl::unexpected(std::string("'[[' without ']]'"));
    return pieces;
}

std::string_view value_of(const TemplateValues& values, std::string_view name) {
    const auto it = values.find(name);
    return it == values.end() ? std::string_view() : std::string_view(it->second);
}

/// Writes pieces, and takes back an optional part that turned out to have a hole.
class Writer {
  public:
    explicit Writer(const TemplateValues& values) : values_(values) {}

    void write(const Piece& piece) {
        switch (piece.kind) {
            case PieceKind::kText:
                out_ += piece.text;
                return;
            case PieceKind::kPlaceholder:
                return write_value(value_of(values_, piece.text));
            case PieceKind::kOpen:
                part_begin_ = out_.size();
                has_hole_ = false;
                return;
            case PieceKind::kClose:
                if (has_hole_) out_.resize(part_begin_);
                return;
        }
    }
    [[nodiscard]] std::string take() { return std::move(out_); }

  private:
    void write_value(std::string_view value) {
        has_hole_ = has_hole_ || value.empty();
        out_ += value;
    }

    const TemplateValues& values_;
    std::string out_;
    size_t part_begin_ = 0;
    bool has_hole_ = false;
};

}  // namespace

std::string render(std::string_view text, const TemplateValues& values) {
    const tl::expected<std::vector<Piece>, std::string> pieces = split(text);
    if (!pieces) return std::string(text);
    Writer writer(values);
    for (const Piece& piece : *pieces) writer.write(piece);
    return writer.take();
}

tl::expected<std::vector<std::string>, std::string> placeholders_of(std::string_view text) {
    const tl::expected<std::vector<Piece>, std::string> pieces = split(text);
    if (!pieces) return tl::unexpected(pieces.error());
    std::vector<std::string> names;
    for (const Piece& piece : *pieces) {
        if (piece.kind == PieceKind::kPlaceholder) names.emplace_back(piece.text);
    }
    return names;
}

std::vector<std::string> required_placeholders_of(std::string_view text) {
    const tl::expected<std::vector<Piece>, std::string> pieces = split(text);
    std::vector<std::string> names;
    bool is_inside = false;
    for (const Piece& piece : pieces.value_or(std::vector<Piece>())) {
        is_inside =
            piece.kind == PieceKind::kOpen || (is_inside && piece.kind != PieceKind::kClose);
        if (piece.kind == PieceKind::kPlaceholder && !is_inside) names.emplace_back(piece.text);
    }
    return names;
}

}  // namespace hayate::config
