/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * What std::map, std::set and std::list leave to the C++ library.
 *
 * libstdc++ keeps a few functions that link nodes in its shared library, where
 * no body is visible. They only move pointers about, but a shadow of the
 * structure has to follow them, node by node. Given a body, they are
 * differentiated like a tree or list that a program builds by itself:
 *
 *   call @_ZSt29_Rb_tree_insert_and_rebalance...(i1 %l, %x, %p, %h)
 *     ->  call @ternstd_tree_insert(i1 %l, %x, %p, %h)
 *
 * What is decided (colours, which side) is read from the primal structure
 * alone. The layout and what holds between calls are those of libstdc++: the
 * header is red, its parent is the root, its left and right are the first and
 * the last node; an empty tree's header points to itself.
 */
#include <stdbool.h>
#include <stddef.h>

enum { red, black };

struct tree_node {
  int colour;
  struct tree_node *parent, *left, *right;
};

struct list_node {
  struct list_node *next, *previous;
};

/* ---- trees ---- */

static struct tree_node *first_below(struct tree_node *x) {
  while (x->left)
    x = x->left;
  return x;
}

static struct tree_node *last_below(struct tree_node *x) {
  while (x->right)
    x = x->right;
  return x;
}

struct tree_node *ternstd_tree_next(struct tree_node *x) {
  if (x->right)
    return first_below(x->right);
  struct tree_node *above = x->parent;
  while (x == above->right) {
    x = above;
    above = above->parent;
  }
  /* From the last node when that is the root: x is the header already. */
  return x->right == above ? x : above;
}

struct tree_node *ternstd_tree_previous(struct tree_node *x) {
  bool is_header = x->colour == red && x->parent && x->parent->parent == x;
  if (is_header)
    return x->right;
  if (x->left)
    return last_below(x->left);
  struct tree_node *above = x->parent;
  while (x == above->left) {
    x = above;
    above = above->parent;
  }
  return above;
}

/* Where the node above x refers to x, it now refers to y. */
static void replace_below(struct tree_node *x, struct tree_node *y,
                          struct tree_node *header) {
  if (header->parent == x)
    header->parent = y;
  else if (x->parent->left == x)
    x->parent->left = y;
  else
    x->parent->right = y;
}

/* The right child takes the place of x, which becomes its left child. */
static void rotate_left(struct tree_node *x, struct tree_node *header) {
  struct tree_node *y = x->right;
  x->right = y->left;
  if (y->left)
    y->left->parent = x;
  replace_below(x, y, header);
  y->parent = x->parent;
  y->left = x;
  x->parent = y;
}

static void rotate_right(struct tree_node *x, struct tree_node *header) {
  struct tree_node *y = x->left;
  x->left = y->right;
  if (y->right)
    y->right->parent = x;
  replace_below(x, y, header);
  y->parent = x->parent;
  y->right = x;
  x->parent = y;
}

static bool is_black(const struct tree_node *x) {
  return !x || x->colour == black;
}

static void hang_in(bool left, struct tree_node *x, struct tree_node *parent,
                    struct tree_node *header) {
  x->colour = red;
  x->parent = parent;
  x->left = NULL;
  x->right = NULL;
  if (parent == header) {
    header->parent = x;
    header->left = x;
    header->right = x;
  } else if (left) {
    parent->left = x;
    if (header->left == parent)
      header->left = x;
  } else {
    parent->right = x;
    if (header->right == parent)
      header->right = x;
  }
}

void ternstd_tree_insert(bool left, struct tree_node *x,
                         struct tree_node *parent, struct tree_node *header) {
  hang_in(left, x, parent, header);
  while (x != header->parent && x->parent->colour == red) {
    struct tree_node *above = x->parent->parent;
    bool is_left = above->left == x->parent;
    struct tree_node *uncle = is_left ? above->right : above->left;
    if (!is_black(uncle)) {
      x->parent->colour = black;
      uncle->colour = black;
      above->colour = red;
      x = above;
    } else if (is_left) {
      if (x == x->parent->right) {
        x = x->parent;
        rotate_left(x, header);
      }
      x->parent->colour = black;
      above->colour = red;
      rotate_right(above, header);
    } else {
      if (x == x->parent->left) {
        x = x->parent;
        rotate_right(x, header);
      }
      x->parent->colour = black;
      above->colour = red;
      rotate_left(above, header);
    }
  }
  header->parent->colour = black;
}

/* x, which has two children, and the node y after it change places. */
static void swap_with_next(struct tree_node *x, struct tree_node *y,
                           struct tree_node *header) {
  struct tree_node *below = y->right, *above = y->parent;
  replace_below(x, y, header);
  y->parent = x->parent;
  y->left = x->left;
  x->left->parent = y;
  if (above == x) {
    y->right = x;
    x->parent = y;
  } else {
    y->right = x->right;
    x->right->parent = y;
    above->left = x;
    x->parent = above;
  }
  x->left = NULL;
  x->right = below;
  if (below)
    below->parent = x;
  int colour = x->colour;
  x->colour = y->colour;
  y->colour = colour;
}

/* The way through x, a child of `above` or nothing, has a black node too few.
 */
static void make_up_for_black(struct tree_node *x, struct tree_node *above,
                              struct tree_node *header) {
  while (x != header->parent && is_black(x)) {
    if (x == above->left) {
      struct tree_node *other = above->right;
      if (other->colour == red) {
        other->colour = black;
        above->colour = red;
        rotate_left(above, header);
        other = above->right;
      }
      if (is_black(other->left) && is_black(other->right)) {
        other->colour = red;
        x = above;
        above = above->parent;
        continue;
      }
      if (is_black(other->right)) {
        other->left->colour = black;
        other->colour = red;
        rotate_right(other, header);
        other = above->right;
      }
      other->colour = above->colour;
      above->colour = black;
      other->right->colour = black;
      rotate_left(above, header);
      return;
    }
    struct tree_node *other = above->left;
    if (other->colour == red) {
      other->colour = black;
      above->colour = red;
      rotate_right(above, header);
      other = above->left;
    }
    if (is_black(other->left) && is_black(other->right)) {
      other->colour = red;
      x = above;
      above = above->parent;
      continue;
    }
    if (is_black(other->left)) {
      other->right->colour = black;
      other->colour = red;
      rotate_left(other, header);
      other = above->left;
    }
    other->colour = above->colour;
    above->colour = black;
    other->left->colour = black;
    rotate_right(above, header);
    return;
  }
  if (x)
    x->colour = black;
}

/* Takes x out and returns it. */
struct tree_node *ternstd_tree_erase(struct tree_node *x,
                                     struct tree_node *header) {
  if (header->left == x)
    header->left = x->right ? first_below(x->right) : x->parent;
  if (header->right == x)
    header->right = x->left ? last_below(x->left) : x->parent;
  if (x->left && x->right)
    swap_with_next(x, first_below(x->right), header);
  struct tree_node *below = x->left ? x->left : x->right;
  struct tree_node *above = x->parent;
  replace_below(x, below, header);
  if (below)
    below->parent = above;
  if (x->colour == black)
    make_up_for_black(below, above, header);
  return x;
}

/* ---- lists ---- */

void ternstd_list_hook(struct list_node *x, struct list_node *before) {
  x->next = before;
  x->previous = before->previous;
  before->previous->next = x;
  before->previous = x;
}

void ternstd_list_unhook(struct list_node *x) {
  x->previous->next = x->next;
  x->next->previous = x->previous;
}

/* [first, last) of some list moves to where `before` is. */
void ternstd_list_transfer(struct list_node *before, struct list_node *first,
                           struct list_node *last) {
  if (before == last)
    return;
  struct list_node *end = last->previous;
  first->previous->next = last;
  last->previous = first->previous;
  first->previous = before->previous;
  before->previous->next = first;
  end->next = before;
  before->previous = end;
}

/* The nodes around the header refer to it, wherever it was before. */
static void settle(struct list_node *header, struct list_node *old) {
  if (header->next == old) {
    header->next = header;
    header->previous = header;
    return;
  }
  header->next->previous = header;
  header->previous->next = header;
}

void ternstd_list_swap(struct list_node *x, struct list_node *y) {
  struct list_node *next = x->next, *previous = x->previous;
  x->next = y->next;
  x->previous = y->previous;
  y->next = next;
  y->previous = previous;
  settle(x, y);
  settle(y, x);
}

void ternstd_list_reverse(struct list_node *header) {
  struct list_node *x = header;
  do {
    struct list_node *next = x->next;
    x->next = x->previous;
    x->previous = next;
    x = next;
  } while (x != header);
}
